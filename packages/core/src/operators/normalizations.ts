import type { Tensor } from "../expr/tensor.js";
import { exp, log } from "../math/index.js";
import type { Operator } from "./operator.js";
import { groupsOf, requireElements, shift, shiftOf, spread, sumOf } from "./reductions.js";

export interface Axis {
  readonly axis: number;
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

/** Row of an operator that maps each line along an axis to a line. */
function normalization(
  name: string,
  map: (list: number[]) => number[],
  derivative: (g: Tensor, y: Tensor, x: Tensor, axis: number) => Tensor,
  lower: (x: Tensor, axis: number) => Tensor,
): Operator<Axis> {
  return {
    shape: ([x], { axis }) => {
      requireElements(name, x!, [axis]);
      return x!;
    },
    value([x], { axis }) {
      const result = new Float64Array(x!.data.length);
      for (const places of groupsOf(x!.shape, [axis])) {
        const line = map(places.map((place) => x!.data[place]!));
        places.forEach((place, i) => {
          result[place] = line[i]!;
        });
      }
      return result;
    },
    derivative: (g, y, [x], { axis }) => [derivative(g, y, x!, axis)],
    lower: ([x], { axis }) => lower(x!, axis),
  };
}

/** Elements less the largest along an axis, which no exponential lets overflow. */
function shifted(x: Tensor, axis: number): Tensor {
  return x.sub(spread(shift(x, [axis]), [axis], x.shape));
}

export const normalizations = {
  softmax: normalization(
    "softmax",
    softmax,
    (g, y, _, axis) => y.mul(g.sub(g.mul(y).sum(axis, { keepDims: true }))),
    (x, axis) => {
      const e = shifted(x, axis).exp();
      return e.div(e.sum(axis, { keepDims: true }));
    },
  ),
  logSoftmax: normalization(
    "logSoftmax",
    logSoftmax,
    // On the input's softmax, whose exponentials the forward pass has: the output's would be computed anew.
    (g, _, x, axis) => g.sub(x.softmax(axis).mul(g.sum(axis, { keepDims: true }))),
    (x, axis) => {
      const s = shifted(x, axis);
      return s.sub(s.exp().sum(axis, { keepDims: true }).log());
    },
  ),
};
