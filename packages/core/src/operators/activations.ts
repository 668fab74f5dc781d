import { erf, exp, expm1, log1p, sigmoid } from "../math/index.js";
import { elementwiseRow } from "./operator.js";

/** Density of the standard normal distribution at 0. */
const density0 = 1 / Math.sqrt(2 * Math.PI);

export const activations = {
  sigmoid: elementwiseRow<1>({
    value: sigmoid,
    derivative: (g, y) => [g.mul(y).mul(y.neg().add(1))],
    // e^-|a| never overflows: far below zero the quotient is e^a, down to the smallest number.
    lower: (a) => {
      const e = a.abs().neg().exp();
      return a.lt(0).where(e, 1).div(e.add(1));
    },
  }),
  softplus: elementwiseRow<1>({
    value: (a) => Math.max(a, 0) + log1p(exp(-Math.abs(a))),
    derivative: (g, _, a) => [g.mul(a.sigmoid())],
    lower: (a) => a.maximum(0).add(a.abs().neg().exp().log1p()),
  }),
  relu: elementwiseRow<1>({
    value: (a) => Math.max(a, 0),
    // On the output, which is kept anyway; the input need not be.
    derivative: (g, y) => [y.gt(0).where(g, 0)],
    lower: (a) => a.maximum(0),
  }),
  leakyRelu: elementwiseRow<1, { slope: number }>({
    value: (a, { slope }) => (a > 0 ? a : slope * a),
    derivative: (g, _, a, { slope }) => [a.gt(0).where(g, g.mul(slope))],
    lower: (a, { slope }) => a.gt(0).where(a, a.mul(slope)),
  }),
  gelu: elementwiseRow<1>({
    value: (a) => 0.5 * a * (1 + erf(a * Math.SQRT1_2)),
    derivative: (g, _, a) => {
      const cumulative = a.mul(Math.SQRT1_2).erf().add(1).mul(0.5);
      const density = a.square().mul(-0.5).exp().mul(density0);
      return [g.mul(cumulative.add(a.mul(density)))];
    },
    lower: (a) => a.mul(0.5).mul(a.mul(Math.SQRT1_2).erf().add(1)),
  }),
  elu: elementwiseRow<1, { alpha: number }>({
    value: (a, { alpha }) => (a > 0 ? a : alpha * expm1(a)),
    derivative: (g, y, a, { alpha }) => [a.gt(0).where(g, g.mul(y.add(alpha)))],
    lower: (a, { alpha }) => a.gt(0).where(a, a.expm1().mul(alpha)),
  }),
};
