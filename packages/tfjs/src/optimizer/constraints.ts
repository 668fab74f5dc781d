import { type Tensor, tidy, type Variable } from "@tensorflow/tfjs-core";

/** What is needed of a Layers model to keep its constraints. */
export interface ConstrainedModel {
  readonly weights: readonly {
    read(): Tensor;
    readonly constraint?: { apply(weight: Tensor): Tensor } | null;
  }[];
}

/** Puts the variables among those named that have a constraint back into it, as Keras does after each update. */
export function applyConstraints(model: ConstrainedModel, isUpdated: (variable: string) => boolean): void {
  for (const weight of model.weights) {
    const { constraint } = weight;
    if (!constraint) continue;
    const variable = weight.read() as Variable;
    if (!isUpdated(variable.name)) continue;
    tidy(() => {
      const kept = constraint.apply(variable);
      if (kept !== variable) variable.assign(kept);
    });
  }
}
