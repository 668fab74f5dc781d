import { v128 } from "../encode/instructions.js";
import { exp } from "./exp.js";
import { series } from "./series.js";
import type { VectorFunction } from "./vector-function.js";

/** erf(x)/x - 1 in x^2 for |x| < 1, and e^(x^2) erfc(x) in 20/(x + 4) - 3 for 1 <= x <= 6: minimax, as in core. */
const NEAR = [
  0.12837916709551256, -0.3761263890318355, 0.11283791670945252, -0.026866170643276035, 0.005223977607422282,
  -0.0008548325989653091, 0.00012055295319520376, -1.4924744650013843e-5, 1.6447517569852925e-6,
  -1.6209175451683756e-7, 1.3722975632441485e-8, -7.801189862352844e-10,
];
const FAR = [
  0.19907263099385689, 0.1481299299147799, 0.05589108556591205, 0.01807843721352902, 0.004990286125940814,
  0.0011615372995828269, 0.0002225960098802079, 3.3463713592959945e-5, 3.4936789740189264e-6,
  1.4905926930410207e-7, -2.938597026676031e-8, -4.0335407554777645e-9,
];

export const erf: VectorFunction = (code, lanes, around, x) => {
  const { abs, add, sub, mul, div, neg, lt, pmin, pmax } = lanes.arithmetic;
  const { number } = lanes;
  const size = code.keep("v128", abs(x!)).get;
  // Polynomials are only looked at where they hold, but must not overflow elsewhere into what is.
  const small = code.keep("v128", pmin(x!, number(1))).get;
  const z = code.keep("v128", mul(small, small)).get;
  const near = code.keep("v128", add(x!, mul(x!, series(lanes, z, NEAR)))).get;
  const large = code.keep("v128", pmax(pmin(size, number(6)), number(1))).get;
  const u = code.keep("v128", sub(div(number(20), add(large, number(4))), number(3))).get;
  const power = exp(code, lanes, around, code.keep("v128", neg(mul(large, large))).get);
  const far = sub(number(1), mul(power, series(lanes, u, FAR)));
  const signed = v128.or(far, v128.and(x!, number(-0)));
  return v128.bitselect(near, signed, lt(size, number(1)));
};
