import { requireCount, requireKnown } from "../check.js";
import { completePenalties, type Penalties } from "../penalties/penalty.js";
import { type AffineNames, affine } from "./affine.js";
import { categorical, classifier } from "./classifier.js";
import type { Classifier } from "./model.js";

export interface SoftmaxOptions {
  /** At least 2. */
  readonly classes: number;
  readonly penalties?: Penalties;
}

/**
 * Softmax (multinomial logistic) regression: P = softmax(x·weight + bias), with weight [features, classes] and bias
 * [classes], by the categorical cross-entropy. Starts at 0.
 */
export function softmax(options: SoftmaxOptions): Classifier<AffineNames> {
  requireKnown("softmax", options, ["classes", "penalties"]);
  const { classes } = options;
  requireCount("softmax", "classes", classes, 2);
  const penalties = completePenalties("softmax", options.penalties);
  return classifier({
    name: "softmax",
    options: { classes, penalties: { ...penalties } },
    network: affine(classes),
    classes,
    link: categorical,
    penalties,
  });
}
