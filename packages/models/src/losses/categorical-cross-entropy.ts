import { formatShape, ShapeError, type Tensor } from "@downhill/core";
import { requireNumber } from "../check.js";
import { type LossOptions, weightedMean } from "./weighted-mean.js";

export interface CategoricalCrossEntropyOptions extends LossOptions {
  /** Part of the target that is spread over all classes evenly, in [0, 1); default 0. Szegedy et al. 2016. */
  readonly labelSmoothing?: number;
}

/**
 * Mean of -log softmax(z)[y] for logits z, [rows, classes], and class indices y = 0, 1, …, [rows]; of any size, without
 * overflow. -Infinity rules a class out, unless labels are smoothed. An index that is no class makes the loss infinite or
 * NaN, also in a row of weight 0.
 *
 * As PyTorch's CrossEntropyLoss.
 */
export function categoricalCrossEntropy(
  logits: Tensor,
  classes: Tensor,
  { weight, labelSmoothing = 0 }: CategoricalCrossEntropyOptions = {},
): Tensor {
  requireNumber("categoricalCrossEntropy", "labelSmoothing", labelSmoothing, { from: 0, below: 1 });
  const [rows, count] = logits.shape;
  if (
    count === undefined ||
    logits.shape.length > 2 ||
    classes.shape.length !== 1 ||
    classes.shape[0] !== rows
  ) {
    throw new ShapeError(
      `categoricalCrossEntropy: logits ${formatShape(logits.shape)} and classes ${formatShape(classes.shape)} do not ` +
        "fit; expected [rows, classes] and [rows].",
    );
  }
  const target = classes.oneHot(count);
  // The largest logit is taken off first: e^z cannot overflow, and large logits that differ little lose no digits.
  const z = logits.sub(logits.max(1, { keepDims: true }).stopGradient());
  const own = target.where(z, 0).sum(1);
  const expected = labelSmoothing > 0 ? own.mul(1 - labelSmoothing).add(z.mean(1).mul(labelSmoothing)) : own;
  const loss = z.exp().sum(1).log().sub(expected);
  // 1 for a class, 0 for anything else: a wrong index must not pass as an easy row.
  const known = classes.ge(0).mul(classes.lt(count)).mul(classes.floor().eq(classes));
  return weightedMean(loss.div(known), weight);
}
