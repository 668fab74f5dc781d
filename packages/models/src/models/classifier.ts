import { concat, formatShape, ShapeError, type Tensor } from "@downhill/core";
import type { Json } from "@downhill/core/train";
import { binaryCrossEntropy, categoricalCrossEntropy } from "../losses/index.js";
import { checkClasses } from "../metrics/check-classes.js";
import { accuracy, logLoss, mostProbable } from "../metrics/index.js";
import type { Penalties } from "../penalties/penalty.js";
import type { Classifier } from "./model.js";
import { applyToRows, initialParameters, type Network, penalized } from "./network.js";

/** How a network's outputs, the logits, stand for classes. */
interface Link {
  loss(logits: Tensor, y: Tensor, weight: Tensor): Tensor;
  /** [rows, classes] */
  probabilities(logits: Tensor): Tensor;
}

/** One logit per row, that of class 1 against class 0. */
export const binary: Link = {
  loss: (logits, y, weight) => binaryCrossEntropy(logits.reshape(y.shape), y, { weight }),
  probabilities: (logits) => concat([logits.neg().sigmoid(), logits.sigmoid()], 1),
};

/** One logit per class. */
export const categorical: Link = {
  loss: (logits, y, weight) => categoricalCrossEntropy(logits, y, { weight }),
  probabilities: (logits) => logits.softmax(1),
};

interface ClassifierParts<Names extends string> {
  readonly name: string;
  /** The options that made it, complete. */
  readonly options: { readonly [option: string]: Json };
  readonly network: Network<Names>;
  readonly classes: number;
  readonly link: Link;
  readonly penalties: Required<Penalties>;
}

/** A model of classes around a network. */
export function classifier<Names extends string>({
  name,
  options,
  network,
  classes,
  link,
  penalties,
}: ClassifierParts<Names>): Classifier<Names> {
  return {
    kind: "classification",
    name,
    config: { model: name, ...options },
    classes,
    shapes: network.shapes,
    init(seed, { x, y }) {
      if (y.length > 0) {
        throw new ShapeError(
          `${name}: a row's target y has shape ${formatShape(y)}; expected one class index, [].`,
        );
      }
      return initialParameters(network, seed, x);
    },
    check: ({ y }, where) => checkClasses(where, "target", y.data, classes),
    loss(parameters, { x, y, weight, key }) {
      return penalized(link.loss(applyToRows(network, parameters, x, key), y, weight), parameters, penalties);
    },
    predict: (parameters, { x, key }) => link.probabilities(applyToRows(network, parameters, x, key)),
    metrics: {
      accuracy: (prediction, { y, weight }) =>
        accuracy(mostProbable(prediction.data, classes), y.data, { weight: weight.data }),
      logLoss: (prediction, { y, weight }) =>
        logLoss(prediction.data, y.data, { weight: weight.data, classes }),
    },
  };
}
