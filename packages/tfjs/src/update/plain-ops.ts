import { type Attributes, type Shape, sizeOf } from "@downhill/core";
import {
  type ElementwisePrimitive,
  type SourcePrimitive,
  type StructuralPrimitive,
  uniform32,
  type ViewPrimitive,
} from "@downhill/core/engine";
import * as tf from "@tensorflow/tfjs-core";

type Elementwise = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) => tf.Tensor;

const asNumber = (truth: tf.Tensor) => tf.cast(truth, "float32");

/** How tfjs spells the elementwise primitives. Operands broadcast; truth is 1 or 0. */
export const elementwiseOps: Readonly<Record<ElementwisePrimitive, Elementwise>> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  minimum: tf.minimum,
  maximum: tf.maximum,
  pow: tf.pow,
  atan2: tf.atan2,
  neg: tf.neg,
  abs: tf.abs,
  // tfjs has 0 for NaN.
  sign: (a) => tf.where(tf.isNaN(a), a, tf.sign(a)),
  floor: tf.floor,
  sqrt: tf.sqrt,
  exp: tf.exp,
  expm1: tf.expm1,
  log: tf.log,
  log1p: tf.log1p,
  sin: tf.sin,
  cos: tf.cos,
  tanh: tf.tanh,
  erf: tf.erf,
  lt: (a, b) => asNumber(tf.less(a, b)),
  le: (a, b) => asNumber(tf.lessEqual(a, b)),
  eq: (a, b) => asNumber(tf.equal(a, b)),
  where: (test, yes, no) => tf.where(tf.notEqual(test, 0), yes, no),
};

/** An operator's inputs, of their whole shapes, its attributes, and the shape of its result. */
type Structural = (inputs: readonly tf.Tensor[], attributes: any, shape: Shape) => tf.Tensor;

const reduction =
  (reduce: (x: tf.Tensor, axes: number[]) => tf.Tensor): Structural =>
  ([x], { axes }) =>
    axes.length === 0 ? x! : reduce(x!, axes);

/** Numbers of elements before and after an axis. */
const around = (shape: Shape, axis: number, axes = 1) =>
  [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + axes))] as const;

/** How tfjs spells the primitives that are not elementwise, but for those whose numbers come from outside. */
export const structuralOps: Readonly<
  Record<StructuralPrimitive | ViewPrimitive | Extract<SourcePrimitive, "data" | "iota">, Structural>
> = {
  sum: reduction(tf.sum),
  max: reduction(tf.max),
  min: reduction(tf.min),
  prod: reduction(tf.prod),
  matmul: ([a, b]) => tf.matMul(a!, b!),
  gather([x, indices], { axis }: { axis: number }, shape) {
    // tfjs reads whatever lies at an index outside.
    const length = x!.shape[axis]!;
    const inside = tf.logicalAnd(
      tf.equal(indices!, tf.floor(indices!)),
      tf.logicalAnd(tf.greaterEqual(indices!, 0), tf.less(indices!, length)),
    );
    const found = tf.gather(x!, tf.cast(tf.where(inside, indices!, 0), "int32"), axis);
    const along = shape.map((n, i) => (i >= axis && i < axis + indices!.rank ? n : 1));
    return tf.where(tf.reshape(inside, along), found, Number.NaN);
  },
  scatterAdd([x, indices], { axis, length }: { axis: number; length: number }, shape) {
    const [before, after] = around(shape, axis);
    const rows = tf.transpose(tf.reshape(x!, [before, indices!.size, after]), [1, 0, 2]);
    // One row of the comparison for each index: one that is outside, or no whole number, is nowhere.
    const where = tf.equal(tf.reshape(indices!, [indices!.size, 1]), tf.range(0, length));
    const sums = tf.matMul(asNumber(where), tf.reshape(rows, [indices!.size, before * after]), true);
    return tf.reshape(tf.transpose(tf.reshape(sums, [length, before, after]), [1, 0, 2]), [...shape]);
  },
  concat: (inputs, { axis }) => tf.concat([...inputs], axis),
  pad: ([x], { before, after }) =>
    tf.pad(
      x!,
      before.map((n: number, axis: number) => [n, after[axis]]),
    ),
  reshape: ([x], _, shape) => tf.reshape(x!, [...shape]),
  transpose: ([x], { order }) => tf.transpose(x!, order),
  broadcastTo: ([x], _, shape) => tf.broadcastTo(x!, [...shape]),
  slice: ([x], { begin, size }) => tf.slice(x!, begin, size),
  data: (_, { values }, shape) => tf.tensor(Float32Array.from(values as Float64Array), [...shape]),
  iota(_, { axis }: { axis: number }, shape) {
    const along = shape.map((n, i) => (i === axis ? n : 1));
    return tf.broadcastTo(tf.reshape(tf.range(0, shape[axis]!), along), [...shape]);
  },
};

/** Counter-based noise, drawn on the host and sent to the device: tfjs has no integers of 64 bits. */
export function uniformOp(key: number, { stream }: Attributes, shape: Shape): tf.Tensor {
  const values = Float32Array.from({ length: sizeOf(shape) }, (_, i) => uniform32(key, stream as number, i));
  return tf.tensor(values, [...shape]);
}
