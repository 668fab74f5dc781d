import { exp } from "./exp.js";

/** The hyperbolic tangent, within 2 ulp. */
export function tanh(x: number): number {
  const size = Math.abs(x);
  // From 20 on, tanh differs from 1 by less than half an ulp.
  const result = size < 0.55 ? nearZero(size) : size < 20 ? 1 - 2 / (exp(2 * size) + 1) : 1;
  return x < 0 ? -result : x > 0 ? result : x;
}

/** Minimax polynomial in x^2, relative error below 2^-55 (tools/oracles/math_constants.py). */
function nearZero(x: number): number {
  const z = x * x;
  const z2 = z * z;
  const z4 = z2 * z2;
  const series =
    -0.3333333333333235 +
    z * 0.1333333333317373 +
    z2 * (-0.05396825387837027 + z * 0.021869486026030845) +
    z4 * (-0.00886319515209676 + z * 0.0035917246479459305) +
    z4 * z2 * (-0.0014532400537627106 + z * 0.0005792030721512757) +
    z4 * z4 * (-0.00021040588509985754 + z * 5.109028328834615e-5);
  return x + x * z * series;
}
