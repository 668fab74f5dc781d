/** What is measured, as plain data: every participant builds it with its own means. */
export type Spec =
  /** Forward, backward and an Adam step of a net on one batch; `classes` for softmax cross-entropy, else squares. */
  | (Net & { readonly kind: "step" })
  /** Getting that ready, until it runs at full speed. */
  | (Net & { readonly kind: "compile" })
  /** The update alone, of `tensors` parameters of `length` numbers each. */
  | { readonly kind: "update"; readonly rule: RuleName; readonly tensors: number; readonly length: number }
  /** The same by a `tf.Optimizer`, without reading anything back. */
  | { readonly kind: "apply"; readonly rule: RuleName; readonly tensors: number; readonly length: number }
  /** One step of gradient descent on the mean squared error of all rows. */
  | { readonly kind: "linear"; readonly rows: number; readonly columns: number }
  /** Loss and gradient with respect to the logits. */
  | { readonly kind: "softmax"; readonly rows: number; readonly classes: number }
  | { readonly kind: "matmul"; readonly n: number; readonly dtype: "float32" | "float64" }
  /** One Adam step on Rosenbrock's function with value and gradient norm, in float64. */
  | { readonly kind: "descent" }
  /** A thousand Adam steps on Rosenbrock's function, in float64. */
  | { readonly kind: "minimize" };

/** Layers of so many units, on batches of so many rows. */
export interface Net {
  readonly sizes: readonly number[];
  readonly classes: boolean;
  readonly batch: number;
}

export type RuleName = "adam" | "adamw" | "lion" | "momentum";

export const rates = { adam: 1e-3, adamw: 1e-3, lion: 1e-4, momentum: 1e-2, descent: 1e-2 } as const;

/** Numbers from -0.5 to 0.5 that every participant can make for itself. */
export function numbers(seed: number, count: number, scale = 1): Float64Array {
  return Float64Array.from(
    { length: count },
    (_, i) => (((i * 7919 + seed * 104729) % 20011) / 20011 - 0.5) * scale,
  );
}

/** Shapes of a net's parameters, in order. */
export function netShapes(sizes: readonly number[]): Record<string, number[]> {
  const shapes: Record<string, number[]> = {};
  for (let i = 0; i + 1 < sizes.length; i++) {
    shapes[`w${i}`] = [sizes[i]!, sizes[i + 1]!];
    shapes[`b${i}`] = [sizes[i + 1]!];
  }
  return shapes;
}

export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, length) => product * length, 1);

/** Numbers from all over a result, by which participants are compared: all of a short one. */
export function sampled(x: ArrayLike<number>): number[] {
  const apart = Math.ceil(x.length / 500);
  return Array.from({ length: Math.ceil(x.length / apart) }, (_, i) => x[i * apart]!);
}
