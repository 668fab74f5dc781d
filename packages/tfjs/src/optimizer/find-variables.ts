import { didYouMean, formatShape } from "@downhill/core";
import { engine, type NamedTensorMap, type Tensor, type Variable } from "@tensorflow/tfjs-core";

/** Gradients as tfjs hands them over: by name, or in a list, where one that is missing has no tensor. */
export type Gradients = NamedTensorMap | readonly { readonly name: string; readonly tensor?: Tensor }[];

/** A variable that has a gradient in this step. */
export interface Pair {
  readonly variable: Variable;
  readonly gradient: Tensor;
}

/** The variables with a gradient, by name. Throws, naming the first of them that no update is possible for. */
export function findVariables(owner: string, gradients: Gradients): ReadonlyMap<string, Pair> {
  const list = Array.isArray(gradients)
    ? gradients
    : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
  const found = new Map<string, Pair>();
  for (const { name, tensor: gradient } of list) {
    if (!gradient) continue;
    const variable = findVariable(owner, name);
    if (gradient.isDisposed) {
      throw new Error(
        `${owner}: the gradient of variable "${name}" was disposed of. Dispose of it after the step.`,
      );
    }
    if (gradient.dtype !== "float32" || String(gradient.shape) !== String(variable.shape)) {
      throw new Error(
        `${owner}: the gradient of variable "${name}" is ${gradient.dtype} of shape ${formatShape(gradient.shape)}; ` +
          `expected float32 of shape ${formatShape(variable.shape)}.`,
      );
    }
    found.set(name, { variable, gradient });
  }
  return found;
}

/** The variable of a name, if it can be trained. */
export function findVariable(owner: string, name: string): Variable {
  const { registeredVariables } = engine();
  const variable = registeredVariables[name];
  if (!variable || variable.isDisposed) {
    throw new Error(
      `${owner}: there is no variable "${name}": it was disposed of, or never made by this copy of TensorFlow.js.` +
        `${didYouMean(name, Object.keys(registeredVariables))} Nothing was changed.`,
    );
  }
  if (variable.dtype !== "float32") {
    throw new TypeError(
      `${owner}: variable "${name}" is ${variable.dtype}; expected float32, the dtype that TensorFlow.js trains in. ` +
        "Make it trainable: false, or cast it. Nothing was changed.",
    );
  }
  return variable;
}
