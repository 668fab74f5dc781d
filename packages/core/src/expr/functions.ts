import { concatenation } from "../operators/concatenation.js";
import { noise } from "../operators/noise.js";
import { requireWhole } from "../random/whole-number.js";
import { normalizeAxis, type Shape, ShapeError, sizeOf } from "./shape.js";
import { apply, asTensor, elementwise, type Tensor, type TensorLike } from "./tensor.js";

/** Exponential moving average β·m + (1 - β)·x. */
export function ema(beta: TensorLike, m: Tensor, x: TensorLike): Tensor {
  return asTensor(beta, "ema").mul(m).add(oneMinus(beta).mul(x));
}

/**
 * A moving average after t updates, freed of its start at zero: m / (1 - β^t). The factor is a scalar of the host,
 * in float64. Kingma & Ba 2015, section 3.
 */
export function unbiased(m: Tensor, beta: TensorLike, t: TensorLike): Tensor {
  return m.mul(asTensor(1).div(oneMinus(asTensor(beta, "unbiased").pow(t))));
}

/** 1 - x. */
export function oneMinus(x: TensorLike): Tensor {
  return asTensor(1).sub(x);
}

/** `yes` where `condition` is not 0, else `no`. */
export function where(condition: Tensor, yes: TensorLike, no: TensorLike): Tensor {
  return elementwise("where", condition, yes, no);
}

export function minimum(a: TensorLike, b: TensorLike): Tensor {
  return elementwise("minimum", a, b);
}

export function maximum(a: TensorLike, b: TensorLike): Tensor {
  return elementwise("maximum", a, b);
}

/** Tensors one after another along `axis` (default 0, negative from the end); they agree on every other axis. */
export function concat(tensors: readonly Tensor[], axis = 0): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new ShapeError("concat: expected at least one tensor, got none.");
  if (first.shape.length === 0) {
    throw new ShapeError("concat: a scalar has no axis to continue; give it one by reshape([1]).");
  }
  return apply("concat", tensors, { axis: normalizeAxis("concat", axis, first.shape) }, concatenation.concat);
}

/** Numbers written into an expression: `data([1, 2, 3, 4], [2, 2])`; the shape is [length] by default. */
export function data(values: ArrayLike<number>, shape: Shape = [values.length]): Tensor {
  if (values.length !== sizeOf(shape)) {
    throw new ShapeError(`data: ${values.length} numbers do not fill shape [${shape.join(", ")}].`);
  }
  return apply("data", [], { values: Float64Array.from(values), shape });
}

/** 0, 1, 2, … as a tensor of shape [length]. */
export function range(length: number): Tensor {
  return apply("iota", [], { shape: [length], axis: 0 });
}

/**
 * Random numbers that depend on `key`, `stream` and position alone, the same on every engine.
 * `key` is a scalar that holds a whole number in [0, 2^53): a constant, or the key that a driver provides
 * each step. Two draws of one kind from one key need two different streams; normals and uniforms never share one.
 */
export const random = {
  /** Uniform in [0, 1), multiples of 2^-24. `stream` is a whole number below 2^31. */
  uniform: (key: TensorLike, shape: Shape, stream = 0): Tensor => {
    requireWhole("random.uniform", "the stream", stream, 0, 2 ** 31 - 1);
    return apply("uniform", [asTensor(key, "random.uniform")], { shape, stream }, noise.uniform);
  },
  /** Standard normal. `stream` is a whole number below 2^30. */
  normal: (key: TensorLike, shape: Shape, stream = 0): Tensor => {
    requireWhole("random.normal", "the stream", stream, 0, 2 ** 30 - 1);
    return apply("normal", [asTensor(key, "random.normal")], { shape, stream }, noise.normal);
  },
};
