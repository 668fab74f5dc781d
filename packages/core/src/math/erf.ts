import { exp } from "./exp.js";

/** The error function 2/sqrt(pi) · integral of e^(-t^2) from 0 to x, within 2 ulp. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size < 1) return nearZero(x);
  // From 6 on, erfc is too small to change the 1.
  const result = size < 6 ? 1 - exp(-size * size) * scaledErfc(size) : 1;
  return x < 0 ? -result : x > 0 ? result : x;
}

// Minimax polynomials, relative errors of erf below 2^-56 (tools/oracles/math_constants.py).

/** x + x (erf(x)/x - 1), the bracket a polynomial in x^2. */
function nearZero(x: number): number {
  const z = x * x;
  const z2 = z * z;
  const z4 = z2 * z2;
  const series =
    0.12837916709551256 +
    z * -0.3761263890318355 +
    z2 * (0.11283791670945252 + z * -0.026866170643276035) +
    z4 * (0.005223977607422282 + z * -0.0008548325989653091) +
    z4 * z2 * (0.00012055295319520376 + z * -1.4924744650013843e-5) +
    z4 * z4 * (1.6447517569852925e-6 + z * -1.6209175451683756e-7) +
    z4 * z4 * z2 * (1.3722975632441485e-8 + z * -7.801189862352844e-10);
  return x + x * series;
}

/** e^(x^2) erfc(x) for 1 <= x <= 6, a polynomial in u, which runs from 1 to -1. */
function scaledErfc(x: number): number {
  const u = 20 / (x + 4) - 3;
  const u2 = u * u;
  const u4 = u2 * u2;
  return (
    0.19907263099385689 +
    u * 0.1481299299147799 +
    u2 * (0.05589108556591205 + u * 0.01807843721352902) +
    u4 * (0.004990286125940814 + u * 0.0011615372995828269) +
    u4 * u2 * (0.0002225960098802079 + u * 3.3463713592959945e-5) +
    u4 * u4 * (3.4936789740189264e-6 + u * 1.4905926930410207e-7) +
    u4 * u4 * u2 * (-2.938597026676031e-8 + u * -4.0335407554777645e-9)
  );
}
