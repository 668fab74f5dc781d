import type { Scaler } from "@downhill/datasets";
import type { Regressor } from "@downhill/models";

/** The same model with its metrics in the target's own units, where the target was standardized. */
export function inOwnUnits<Names extends string>(model: Regressor<Names>, scaler: Scaler): Regressor<Names> {
  const metrics = Object.fromEntries(
    Object.entries(model.metrics).map(([name, metric]) => [
      name,
      (prediction, { y, weight }) =>
        metric(scaler.inverseTarget(prediction), { y: scaler.inverseTarget(y), weight }),
    ]),
  ) as Regressor<Names>["metrics"];
  return { ...model, metrics };
}
