import { type KernelBackend, mul, tidy, type Variable } from "@tensorflow/tfjs-core";

/**
 * Gives a variable data of its own where other tensors share it, as after `tf.variable(x)` while `x` lives: who writes
 * in place must not change those.
 */
export function ownData(variable: Variable, backend: KernelBackend): void {
  if (backend.refCount(variable.dataId) > 1) tidy(() => variable.assign(mul(variable, 1)));
}
