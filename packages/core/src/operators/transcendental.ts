import { cos, erf, exp, expm1, log, log1p, sin, tanh } from "../math/index.js";
import { elementwiseRow } from "./operator.js";

export const transcendental = {
  exp: elementwiseRow<1>({ value: exp, derivative: (g, y) => [g.mul(y)] }),
  expm1: elementwiseRow<1>({ value: expm1, derivative: (g, y) => [g.mul(y.add(1))] }),
  log: elementwiseRow<1>({ value: log, derivative: (g, _, a) => [g.div(a)] }),
  log1p: elementwiseRow<1>({ value: log1p, derivative: (g, _, a) => [g.div(a.add(1))] }),
  sin: elementwiseRow<1>({ value: sin, derivative: (g, _, a) => [g.mul(a.cos())] }),
  cos: elementwiseRow<1>({ value: cos, derivative: (g, _, a) => [g.mul(a.sin()).neg()] }),
  tanh: elementwiseRow<1>({ value: tanh, derivative: (g, y) => [g.mul(y.square().neg().add(1))] }),
  erf: elementwiseRow<1>({
    value: erf,
    derivative: (g, _, a) => [g.mul(a.square().neg().exp()).mul(2 / Math.sqrt(Math.PI))],
  }),
};
