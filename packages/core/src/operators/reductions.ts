import { formatShape, type Shape, ShapeError, sameShape, sizeOf } from "../expr/shape.js";
import type { Tensor } from "../expr/tensor.js";
import { exp, log } from "../math/index.js";
import type { Operator, Values } from "./operator.js";

interface Axes {
  readonly axes: readonly number[];
}

const dropAxes = (shape: Shape, axes: readonly number[]) => shape.filter((_, axis) => !axes.includes(axis));

/** A reduced tensor stretched back over the axes it lost. */
function spread(y: Tensor, axes: readonly number[], shape: Shape): Tensor {
  return y.reshape(shape.map((length, axis) => (axes.includes(axis) ? 1 : length))).broadcastTo(shape);
}

/** Gives each output element the list of input elements that reduce to it, in order. */
function reduceWith(combine: (list: number[]) => number) {
  return ([x]: readonly Values[], { axes }: Axes, shape: Shape): Float64Array => {
    const { data } = x!;
    const lists: number[][] = Array.from({ length: sizeOf(shape) }, () => []);
    const index = new Array<number>(x!.shape.length).fill(0);
    for (let i = 0; i < data.length; i++) {
      let at = 0;
      for (let axis = 0; axis < index.length; axis++) {
        if (!axes.includes(axis)) at = at * x!.shape[axis]! + index[axis]!;
      }
      lists[at]!.push(data[i]!);
      for (let axis = index.length - 1; axis >= 0 && ++index[axis]! === x!.shape[axis]; axis--)
        index[axis] = 0;
    }
    return Float64Array.from(lists, combine);
  };
}

function reduction(
  combine: (list: number[]) => number,
  derivative: (g: Tensor, y: Tensor, x: Tensor, axes: readonly number[]) => Tensor,
  lower?: (x: Tensor, axes: readonly number[]) => Tensor,
): Operator<Axes> {
  return {
    shape: ([x], { axes }) => dropAxes(x!, axes),
    value: reduceWith(combine),
    derivative: (g, y, [x], { axes }) => [
      derivative(spread(g, axes, x!.shape), spread(y, axes, x!.shape), x!, axes),
    ],
    ...(lower && { lower: ([x]: readonly Tensor[], { axes }: Axes) => lower(x!, axes) }),
  };
}

/** What is relative to a largest or smallest element refuses an empty list, which has none. */
function requireElements(name: string, x: Shape, axes: readonly number[]): void {
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
      return g.mul(tie).div(spread(tie.sum(axes), axes, x.shape));
    }),
  );
}

const sumOf = (list: number[]) => list.reduce((a, b) => a + b, 0);
const largest = (list: number[]) => list.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
const smallest = (list: number[]) => list.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const countOver = (shape: Shape, axes: readonly number[]) => sizeOf(axes.map((axis) => shape[axis]!));

/** What exponents are shifted by: the largest element, or 0 where that is infinite, for inf - inf is NaN. */
const shiftOf = (list: number[]) => (Number.isFinite(largest(list)) ? largest(list) : 0);
function shift(x: Tensor, axes: readonly number[]): Tensor {
  const top = x.max(axes);
  return top.isFinite().where(top, 0);
}

function logSumExp(list: number[]): number {
  const by = shiftOf(list);
  return by + log(sumOf(list.map((x) => exp(x - by))));
}

function softmax(list: number[]): number[] {
  const by = shiftOf(list);
  const e = list.map((x) => exp(x - by));
  const total = sumOf(e);
  return e.map((x) => x / total);
}

function logSoftmax(list: number[]): number[] {
  const by = shiftOf(list);
  const total = log(sumOf(list.map((x) => exp(x - by))));
  return list.map((x) => x - by - total);
}

/** Maps each line along `axis` to a line. */
function alongAxis(map: (list: number[]) => number[]) {
  return ([x]: readonly Values[], { axis }: { axis: number }, shape: Shape): Float64Array => {
    const length = shape[axis]!;
    const stride = sizeOf(shape.slice(axis + 1));
    const result = new Float64Array(x!.data.length);
    for (let start = 0; start < result.length; start++) {
      if (Math.floor(start / stride) % length !== 0) continue;
      const places = Array.from({ length }, (_, i) => start + i * stride);
      map(places.map((place) => x!.data[place]!)).forEach((value, i) => {
        result[places[i]!] = value;
      });
    }
    return result;
  };
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
      const zeros = spread(zero.sum(axes), axes, x.shape);
      const rest = zero.where(1, x);
      const product = spread(rest.prod(axes), axes, x.shape);
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
  dot: {
    shape: ([a, b]) => {
      if (sameShape(a!, b!)) return [];
      throw new ShapeError(
        `dot: shapes ${formatShape(a!)} and ${formatShape(b!)} differ; they must be equal.`,
      );
    },
    value: ([a, b]) => Float64Array.of(a!.data.reduce((sum, x, i) => sum + x * b!.data[i]!, 0)),
    derivative: (g, _, [a, b]) => [b!.mul(g), a!.mul(g)],
    lower: ([a, b]) => a!.mul(b!).sum(),
  } satisfies Operator,
  softmax: {
    shape: ([x], { axis }) => {
      requireElements("softmax", x!, [axis]);
      return x!;
    },
    value: alongAxis(softmax),
    derivative: (g, y, _, { axis }) => [y.mul(g.sub(g.mul(y).sum(axis, { keepDims: true })))],
    lower: ([x], { axis }) => {
      const e = x!.sub(spread(shift(x!, [axis]), [axis], x!.shape)).exp();
      return e.div(e.sum(axis, { keepDims: true }));
    },
  } satisfies Operator<{ axis: number }>,
  logSoftmax: {
    shape: ([x], { axis }) => {
      requireElements("logSoftmax", x!, [axis]);
      return x!;
    },
    value: alongAxis(logSoftmax),
    // On the input's softmax, whose exponentials the forward pass has: the output's would be computed anew.
    derivative: (g, _, [x], { axis }) => [g.sub(x!.softmax(axis).mul(g.sum(axis, { keepDims: true })))],
    lower: ([x], { axis }) => {
      const shifted = x!.sub(spread(shift(x!, [axis]), [axis], x!.shape));
      return shifted.sub(shifted.exp().sum(axis, { keepDims: true }).log());
    },
  } satisfies Operator<{ axis: number }>,
};
