import { requireKnown } from "../check.js";
import { completePenalties, type Penalties } from "../penalties/penalty.js";
import { type AffineNames, affine } from "./affine.js";
import { binary, classifier } from "./classifier.js";
import type { Classifier } from "./model.js";

export interface LogisticOptions {
  readonly penalties?: Penalties;
}

/**
 * Logistic regression for two classes, 0 and 1: P(1) = σ(x·weight + bias), with weight [features, 1] and bias [1],
 * by the binary cross-entropy. Starts at 0. Without penalties, separable classes have no finite solution.
 */
export function logistic(options: LogisticOptions = {}): Classifier<AffineNames> {
  requireKnown("logistic", options, ["penalties"]);
  const penalties = completePenalties("logistic", options.penalties);
  return classifier({
    name: "logistic",
    options: { penalties: { ...penalties } },
    network: affine(1),
    classes: 2,
    link: binary,
    penalties,
  });
}
