import { formatShape, ShapeError, type Tensor } from "@downhill/core";
import type { Json } from "@downhill/core/train";
import { requireChoice, requireNumber } from "../check.js";
import { huber, meanAbsoluteError, meanSquaredError } from "../losses/index.js";
import { mae, r2, rmse } from "../metrics/index.js";
import type { Penalties } from "../penalties/penalty.js";
import type { Regressor } from "./model.js";
import { applyToRows, initialParameters, type Network, penalized } from "./network.js";

/** What a regression minimises; `{ huber: delta }` sets the delta, 1 otherwise. */
export type RegressionLoss = "meanSquaredError" | "meanAbsoluteError" | "huber" | { readonly huber: number };

interface RegressorParts<Names extends string> {
  readonly name: string;
  /** The options that made it, complete. */
  readonly options: { readonly [option: string]: Json };
  readonly network: Network<Names>;
  readonly outputs: number;
  readonly loss: RegressionLoss;
  readonly penalties: Required<Penalties>;
}

/** A model of numbers around a network. */
export function regressor<Names extends string>({
  name,
  options,
  network,
  outputs,
  loss,
  penalties,
}: RegressorParts<Names>): Regressor<Names> {
  checkLoss(name, loss);
  return {
    kind: "regression",
    name,
    config: { model: name, ...options },
    outputs,
    shapes: network.shapes,
    init(seed, { x, y }) {
      if (y.reduce((a, b) => a * b, 1) !== outputs) {
        throw new ShapeError(
          `${name}: a row's target y has shape ${formatShape(y)}, but the model has ${outputs} ` +
            `output${outputs === 1 ? "" : "s"}. Set outputs to the numbers in a row's target.`,
        );
      }
      return initialParameters(network, seed, x);
    },
    loss(parameters, { x, y, weight, key }) {
      const prediction = applyToRows(network, parameters, x, key).reshape(y.shape);
      return penalized(lossOf(loss, prediction, y, weight), parameters, penalties);
    },
    predict(parameters, { x, key }) {
      const prediction = applyToRows(network, parameters, x, key);
      return outputs === 1 ? prediction.reshape([-1]) : prediction;
    },
    metrics: {
      r2: (prediction, { y, weight }) => r2(prediction.data, y.data, { weight: weight.data, outputs }),
      rmse: (prediction, { y, weight }) => rmse(prediction.data, y.data, { weight: weight.data, outputs }),
      mae: (prediction, { y, weight }) => mae(prediction.data, y.data, { weight: weight.data, outputs }),
    },
  };
}

function lossOf(loss: RegressionLoss, prediction: Tensor, y: Tensor, weight: Tensor): Tensor {
  if (loss === "meanSquaredError") return meanSquaredError(prediction, y, { weight });
  if (loss === "meanAbsoluteError") return meanAbsoluteError(prediction, y, { weight });
  return huber(prediction, y, loss === "huber" ? { weight } : { weight, delta: loss.huber });
}

function checkLoss(name: string, loss: RegressionLoss): void {
  if (typeof loss === "object") requireNumber(name, "loss.huber", loss.huber, { above: 0 });
  else requireChoice(name, "loss", loss, ["meanSquaredError", "meanAbsoluteError", "huber"]);
}
