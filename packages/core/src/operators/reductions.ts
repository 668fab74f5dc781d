import { formatShape, type Shape, ShapeError, sizeOf } from "../expr/shape.js";
import type { Tensor } from "../expr/tensor.js";
import { exp, log } from "../math/index.js";
import { indices, placeOf } from "./indices.js";
import type { Operator } from "./operator.js";

export interface Axes {
  readonly axes: readonly number[];
}

/** A shape, or an index, without some axes. */
const dropAxes = (shape: Shape, axes: readonly number[]) => shape.filter((_, axis) => !axes.includes(axis));

/** A reduced tensor stretched back over the axes it lost. */
export function spread(y: Tensor, axes: readonly number[], shape: Shape): Tensor {
  return y.reshape(shape.map((length, axis) => (axes.includes(axis) ? 1 : length))).broadcastTo(shape);
}

/** For each element of a shape without some axes the places of those that reduce to it, in order. */
export function groupsOf(shape: Shape, axes: readonly number[]): number[][] {
  const reduced = dropAxes(shape, axes);
  const groups: number[][] = Array.from({ length: sizeOf(reduced) }, () => []);
  let place = 0;
  for (const index of indices(shape)) groups[placeOf(dropAxes(index, axes), reduced)]!.push(place++);
  return groups;
}

function reduction(
  combine: (list: number[]) => number,
  derivative: (g: Tensor, y: Tensor, x: Tensor, axes: readonly number[]) => Tensor,
  lower?: (x: Tensor, axes: readonly number[]) => Tensor,
): Operator<Axes> {
  return {
    shape: ([x], { axes }) => dropAxes(x!, axes),
    value: ([x], { axes }) =>
      Float64Array.from(groupsOf(x!.shape, axes), (places) =>
        combine(places.map((place) => x!.data[place]!)),
      ),
    derivative: (g, y, [x], { axes }) => [
      derivative(spread(g, axes, x!.shape), spread(y, axes, x!.shape), x!, axes),
    ],
    ...(lower && { lower: ([x]: readonly Tensor[], { axes }: Axes) => lower(x!, axes) }),
  };
}

/** What is relative to a largest or smallest element refuses an empty list, which has none. */
export function requireElements(name: string, x: Shape, axes: readonly number[]): void {
  if (axes.every((axis) => x[axis] !== 0)) return;
  const over = axes.length === 1 ? `axis ${axes[0]}` : `axes ${formatShape(axes)}`;
  throw new ShapeError(`${name}: shape ${formatShape(x)} has no elements along ${over}.`);
}

/** A reduction that refuses an empty list. */
function ofSome(name: string, row: Operator<Axes>): Operator<Axes> {
  return {
    ...row,
    shape: ([x], { axes }) => {
      requireElements(name, x!, axes);
      return dropAxes(x!, axes);
    },
  };
}

function extremum(name: string, combine: (list: number[]) => number): Operator<Axes> {
  return ofSome(
    name,
    reduction(combine, (g, y, x, axes) => {
      const tie = x.eq(y);
      return g.mul(tie).div(tie.sum(axes, { keepDims: true }));
    }),
  );
}

/** Long lists are halved: the rounding of a sum one by one grows with its length, and other engines are measured by this. */
export function sumOf(list: number[]): number {
  const half = list.length >> 1;
  return half > 32 ? sumOf(list.slice(0, half)) + sumOf(list.slice(half)) : list.reduce((a, b) => a + b, 0);
}
const largest = (list: number[]) => list.reduce((a, b) => Math.max(a, b), -Infinity);
const smallest = (list: number[]) => list.reduce((a, b) => Math.min(a, b), Infinity);
const countOver = (shape: Shape, axes: readonly number[]) => sizeOf(axes.map((axis) => shape[axis]!));

/** What exponents are shifted by: the largest element, or 0 where that is infinite, for inf - inf is NaN. */
export const shiftOf = (list: number[]) => (Number.isFinite(largest(list)) ? largest(list) : 0);
export function shift(x: Tensor, axes: readonly number[]): Tensor {
  const top = x.max(axes);
  return top.isFinite().where(top, 0);
}

function logSumExp(list: number[]): number {
  const by = shiftOf(list);
  return by + log(sumOf(list.map((x) => exp(x - by))));
}

export const reductions = {
  sum: reduction(sumOf, (g) => g),
  mean: reduction(
    (list) => sumOf(list) / list.length,
    (g, _, x, axes) => g.div(countOver(x.shape, axes)),
    (x, axes) => x.sum(axes).div(countOver(x.shape, axes)),
  ),
  max: extremum("max", largest),
  min: extremum("min", smallest),
  prod: reduction(
    (list) => list.reduce((a, b) => a * b, 1),
    // The product of the others: the quotient is 0/0 at a zero, so zeros are counted and left out.
    (g, _, x, axes) => {
      const zero = x.eq(0);
      const zeros = zero.sum(axes, { keepDims: true });
      const rest = zero.where(1, x);
      const product = rest.prod(axes, { keepDims: true });
      return g.mul(zero.where(zeros.eq(1).where(product, 0), zeros.eq(0).where(product.div(rest), 0)));
    },
  ),
  norm: reduction(
    (list) => Math.sqrt(sumOf(list.map((x) => x * x))),
    // Zero at zero: the smallest of the subgradients.
    (g, y, x) => g.mul(x).div(y.eq(0).where(1, y)),
    (x, axes) => x.square().sum(axes).sqrt(),
  ),
  logSumExp: ofSome(
    "logSumExp",
    reduction(
      logSumExp,
      // Softmax from shifted exponents, not e^(x - y): large logits would cancel.
      (g, _, x, axes) => {
        const e = x.sub(spread(shift(x, axes), axes, x.shape)).exp();
        return g.mul(e).div(spread(e.sum(axes), axes, x.shape));
      },
      (x, axes) => {
        const by = shift(x, axes);
        return x
          .sub(spread(by, axes, x.shape))
          .exp()
          .sum(axes)
          .log()
          .add(by);
      },
    ),
  ),
};
