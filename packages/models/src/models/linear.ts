import { requireCount, requireKnown } from "../check.js";
import { completePenalties, type Penalties } from "../penalties/penalty.js";
import { type AffineNames, affine } from "./affine.js";
import type { Regressor } from "./model.js";
import { type RegressionLoss, regressor } from "./regressor.js";

export interface LinearOptions {
  /** Numbers in a row's target; default 1. */
  readonly outputs?: number;
  /** Default "meanSquaredError": least squares. */
  readonly loss?: RegressionLoss;
  readonly penalties?: Penalties;
}

/** Linear regression: x·weight + bias, with weight [features, outputs] and bias [outputs]. Starts at 0. */
export function linear(options: LinearOptions = {}): Regressor<AffineNames> {
  requireKnown("linear", options, ["outputs", "loss", "penalties"]);
  const { outputs = 1, loss = "meanSquaredError" } = options;
  requireCount("linear", "outputs", outputs);
  const penalties = completePenalties("linear", options.penalties);
  return regressor({
    name: "linear",
    options: { outputs, loss, penalties: { ...penalties } },
    network: affine(outputs),
    outputs,
    loss,
    penalties,
  });
}
