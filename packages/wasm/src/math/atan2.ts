import { v128 } from "../encode/instructions.js";
import { series } from "./series.js";
import type { VectorFunction } from "./vector-function.js";

/** (atan(x)/x - 1) / x^2 in x^2 for |x| <= 1/2: minimax, as in core. */
const ARCTANGENT = [
  -0.33333333333332993, 0.19999999999905635, -0.14285714276589417, 0.11111110667815599, -0.09090896435685566,
  0.07692076715578518, -0.06663837572981793, 0.05858471312401208, -0.05122732505761557, 0.041884441018521325,
  -0.02746466155804985, 0.010136742138071085,
];
/** What the double of pi/2 leaves out. */
const QUARTER_LOW = 6.123233995736766e-17;

/** The angle to the nearer half axis, from there to the right half of the x axis; signs as in `Math.atan2`. */
export const atan2: VectorFunction = (code, lanes, _, y, x) => {
  const { abs, add, sub, mul, div, neg, eq, gt, lt, min, max } = lanes.arithmetic;
  const { number } = lanes;
  const keep = (value: Parameters<typeof code.keep>[1]) => code.keep("v128", value).get;
  const height = keep(abs(y!));
  const width = keep(abs(x!));
  const steep = keep(gt(height, width));
  const low = keep(min(height, width));
  const high = keep(max(height, width));

  // a/b, or, beyond 1/2, (a - b)/(a + b) from pi/4; both halved where the sum would overflow.
  const near = keep(gt(sub(high, low), low));
  const half = keep(v128.bitselect(number(0.5), number(1), gt(high, number(1))));
  const [a, b] = [keep(mul(low, half)), keep(mul(high, half))];
  const above = v128.bitselect(low, sub(a, b), near);
  const below = v128.bitselect(high, add(a, b), near);
  const quotient = div(above, below);
  // Two infinities make pi/4, two zeros 0.
  const infinite = keep(eq(low, number(Infinity)));
  const z = keep(v128.andnot(v128.andnot(quotient, infinite), eq(high, number(0))));
  const z2 = keep(mul(z, z));
  const angle = keep(add(z, mul(mul(z, z2), series(lanes, z2, ARCTANGENT))));
  const fromEighth = add(number(Math.PI / 4), add(number(QUARTER_LOW / 2), angle));
  const zero = eq(high, number(0));
  const octant = keep(v128.bitselect(angle, fromEighth, v128.andnot(v128.or(near, zero), infinite)));

  // The sign bit of x, drawn over the lane: -0 counts as left.
  const left = keep(lt(v128.or(v128.and(x!, number(-0)), number(1)), number(0)));
  const turns = keep(v128.bitselect(number(1), v128.and(left, number(2)), steep));
  const back = v128.xor(steep, left);
  const nearest = v128.bitselect(neg(octant), octant, back);
  const rest = add(mul(turns, number(QUARTER_LOW)), nearest);
  const result = keep(add(mul(turns, number(Math.PI / 2)), rest));
  return v128.or(result, v128.and(y!, number(-0)));
};
