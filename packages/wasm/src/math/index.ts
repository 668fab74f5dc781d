import type { Expr } from "../encode/code.js";
import { f32x4, f64x2, v128 } from "../encode/instructions.js";
import { atan2 } from "./atan2.js";
import { erf } from "./erf.js";
import { exp, expm1, expOfNegative, tanh } from "./exp.js";
import { log, log1p } from "./log.js";
import { pow } from "./pow.js";
import { cos, sin } from "./trig.js";
import type { VectorFunction } from "./vector-function.js";

const upper = v128.shuffle([8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15]);
const join = v128.shuffle([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]);

/** A function whose float32 form goes through float64: where float32 alone would lose too much on the way. */
const throughDouble =
  (name: string, double: VectorFunction): VectorFunction =>
  (code, lanes, around, ...x) => {
    if (lanes.dtype === "float64") return double(code, lanes, around, ...x);
    const half = (of: (v: Expr) => Expr) =>
      f32x4.demoteF64x2(around.callDouble(name, ...x.map((v) => f64x2.promoteLowF32x4(of(v)))));
    return join(
      half((v) => v),
      half((v) => upper(v, v)),
    );
  };

/** The transcendental functions of vectors, each a function of the module that uses it. */
export const vectorFunctions = {
  exp,
  expOfNegative,
  expm1,
  log,
  log1p,
  tanh,
  erf,
  sin: throughDouble("sin", sin),
  cos: throughDouble("cos", cos),
  pow: throughDouble("pow", pow),
  atan2,
} satisfies Record<string, VectorFunction>;

export type VectorFunctionName = keyof typeof vectorFunctions;
export { REMEMBERED, rememberingPow } from "./pow.js";
export { largeQuarterTurns } from "./trig.js";
