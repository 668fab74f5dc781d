import { atan2, cbrt, pow } from "../math/index.js";
import { elementwiseRow } from "./operator.js";

export const arithmetic = {
  add: elementwiseRow<2>({ value: (a, b) => a + b, derivative: (g) => [g, g] }),
  sub: elementwiseRow<2>({ value: (a, b) => a - b, derivative: (g) => [g, g.neg()] }),
  mul: elementwiseRow<2>({ value: (a, b) => a * b, derivative: (g, _, a, b) => [g.mul(b), g.mul(a)] }),
  div: elementwiseRow<2>({
    value: (a, b) => a / b,
    derivative: (g, y, _, b) => [g.div(b), g.mul(y).div(b).neg()],
  }),
  neg: elementwiseRow<1>({ value: (a) => -a, derivative: (g) => [g.neg()] }),
  abs: elementwiseRow<1>({ value: Math.abs, derivative: (g, _, a) => [g.mul(a.sign())] }),
  sign: elementwiseRow<1>({ value: Math.sign, derivative: () => [undefined] }),
  floor: elementwiseRow<1>({ value: Math.floor, derivative: () => [undefined] }),
  square: elementwiseRow<1>({
    value: (a) => a * a,
    derivative: (g, _, a) => [g.mul(a.mul(2))],
    lower: (a) => a.mul(a),
  }),
  sqrt: elementwiseRow<1>({
    value: Math.sqrt,
    // 0 at 0: the limit is infinite, and infinity times the zero of an inner square would be NaN.
    derivative: (g, y) => [y.eq(0).where(0, g.mul(0.5).div(y))],
  }),
  rsqrt: elementwiseRow<1>({
    value: (a) => 1 / Math.sqrt(a),
    derivative: (g, y, a) => [g.mul(-0.5).mul(y).div(a)],
    lower: (a, _, apply) => apply("constant", [], { value: 1 }).broadcastTo(a.shape).div(a.sqrt()),
  }),
  cbrt: elementwiseRow<1>({
    value: cbrt,
    derivative: (g, y) => [y.eq(0).where(0, g.div(y.square().mul(3)))],
    lower: (a) => a.sign().mul(a.abs().pow(1 / 3)),
  }),
  pow: elementwiseRow<2>({
    value: pow,
    derivative: (g, y, a, b) => [
      // b·a^(b-1), with the 0 of b = 0 kept at a = 0; log a counts only where a > 0.
      b.eq(0).where(0, g.mul(b).mul(a.pow(b.sub(1)))),
      a.gt(0).where(g.mul(y).mul(a.log()), 0),
    ],
  }),
  atan2: elementwiseRow<2>({
    value: atan2,
    derivative: (g, _, a, b) => {
      const r2 = a.square().add(b.square());
      const scale = r2.eq(0).where(0, g.div(r2));
      return [scale.mul(b), scale.mul(a).neg()];
    },
  }),
  minimum: elementwiseRow<2>({
    value: (a, b) => Math.min(a, b),
    derivative: (g, _, a, b) => {
      const tie = a.eq(b).mul(0.5);
      return [g.mul(a.lt(b).add(tie)), g.mul(b.lt(a).add(tie))];
    },
  }),
  maximum: elementwiseRow<2>({
    value: (a, b) => Math.max(a, b),
    derivative: (g, _, a, b) => {
      const tie = a.eq(b).mul(0.5);
      return [g.mul(b.lt(a).add(tie)), g.mul(a.lt(b).add(tie))];
    },
  }),
  clamp: elementwiseRow<3>({
    value: (a, low, high) => Math.min(Math.max(a, low), high),
    derivative: (g, _, a, low, high) => [
      g.mul(low.le(a).mul(a.le(high))),
      g.mul(a.lt(low)),
      g.mul(high.lt(a)),
    ],
    lower: (a, low, high) => a.maximum(low).minimum(high),
  }),
};
