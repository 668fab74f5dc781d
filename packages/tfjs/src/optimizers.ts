import * as optimizers from "@downhill/optimizers";
import { type Maker, registerOptimizers, registerSchedules } from "./optimizer/registry.js";

// All of @downhill/optimizers, for `tf.loadLayersModel`.
registerOptimizers(
  ...Object.values<unknown>(optimizers).filter(
    (it): it is Maker => typeof it === "function" && isOptimizer(it),
  ),
);
registerSchedules(optimizers.scheduleFromJSON);

/** Rules, transforms, wrappers and methods have hyper-parameters; schedules have arguments. */
function isOptimizer(make: object): boolean {
  return "definition" in make && "hyper" in (make.definition as object);
}
