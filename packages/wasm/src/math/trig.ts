import type { Expr } from "../encode/code.js";
import { f64, f64x2, i32, i64, i64x2, v128 } from "../encode/instructions.js";
import type { FunctionRef, ModuleWriter } from "../encode/module.js";
import { series } from "./series.js";
import type { Surroundings, VectorFunction } from "./vector-function.js";

/** pi/2 in three parts of 33 bits: up to 2^20 times the first two are exact. */
const QUARTER = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21];
const LARGE = 2 ** 20;

/** (sin(r)/r - 1) / r^2 and (cos(r) - 1 + r^2/2) / r^4 in r^2 for |r| <= pi/4: minimax, as in core. */
const SIN = [
  -0.16666666666666632, 0.008333333333322425, -0.00019841269829816953, 2.755731369522703e-6,
  -2.5050758653318953e-8, 1.5896827930316585e-10,
];
const COS = [
  0.0416666666666666, -0.0013888888888874138, 2.4801587289491837e-5, -2.7557314355244997e-7,
  2.0875723684850283e-9, -1.1359669888849835e-11,
];

/** sin x or, `ahead` by a quarter turn, cos x, in float64. `reduce` is the slow way for large angles. */
const wave =
  (ahead: 0 | 1): VectorFunction =>
  (code, lanes, around, x) => {
    const { abs, add, sub, mul, nearest, lt } = f64x2;
    const { number } = lanes;
    const keep = (value: Expr) => code.keep("v128", value);
    const n = keep(nearest(mul(x!, number(2 / Math.PI))));
    const parts = QUARTER.map((part) => mul(n.get, number(part)));
    const r = keep(sub(sub(sub(x!, parts[0]!), parts[1]!), parts[2]!));
    const moderate = lt(abs(x!), number(LARGE));
    code.when(v128.anyTrue(v128.not(moderate)), () => {
      for (const lane of [0, 1]) {
        code.when(f64.ge(f64.abs(f64x2.extract(lane)(x!)), f64.const(LARGE)), () => {
          code.eval(around.callDouble("largeQuarterTurns", f64x2.extract(lane)(x!)));
          const rest = code.locals.local("f64");
          const turns = code.locals.local("f64");
          code.op(0x21).u32(rest.index).op(0x21).u32(turns.index);
          code.set(r, f64x2.replace(lane)(r.get, rest.get));
          code.set(n, f64x2.replace(lane)(n.get, turns.get));
        });
      }
    });
    // The lowest bits of n + 1.5 · 2^52 are those of the whole number n.
    const quadrant = keep(add(n.get, number(6755399441055744 + ahead))).get;
    const z = keep(mul(r.get, r.get)).get;
    const sine = keep(add(r.get, mul(mul(r.get, z), series(lanes, z, SIN)))).get;
    const cosine = keep(add(sub(number(1), mul(z, number(0.5))), mul(mul(z, z), series(lanes, z, COS)))).get;
    const bit = (place: bigint) => v128.and(quadrant, i64x2.splat(i64.const(place)));
    const odd = i64x2.sub(i64x2.splat(i64.const(0n)), bit(1n));
    const size = v128.bitselect(cosine, sine, odd);
    // Bit 1 becomes the sign.
    return v128.xor(size, i64x2.shl(bit(2n), i32.const(62)));
  };

export const sin = wave(0);
export const cos = wave(1);

/** 2/pi after the point, in hexadecimal. */
const TWO_OVER_PI =
  "a2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea09d1921cfe1deb1cb129a7" +
  "3ee88235f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde05980fef2f118b5a0a6d1f6d367ecf27cb" +
  "09b74f463f669e5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d0856033046fc7b6babf0cfbc20";

/** Zeros for places before the point. */
const AHEAD = 64;

/**
 * The number of quarter turns in x and what is left of it in radians, for |x| >= 2^20, after M. Payne and R. Hanek,
 * "Radian reduction for trigonometric functions", ACM SIGNUM Newsletter 18, 1983: of 2/pi only the 192 bits matter
 * that, times x = m 2^e, land below four turns and not far behind the point.
 */
export function largeQuarterTurns(writer: ModuleWriter, { table }: Pick<Surroundings, "table">): FunctionRef {
  const digits = [0, 0, ...(TWO_OVER_PI.match(/.{8}/g) ?? []).map((word) => Number.parseInt(word, 16)), 0];
  const address = table(digits);
  return writer.func(["f64"], ["f64", "f64"], (code, x) => {
    const keep = (value: Expr) => code.keep("i64", value).get;
    const low32 = i64.const(0xffffffffn);
    const bits = keep(i64.and(i64.reinterpretF64(x!.get), i64.const(0x7fffffffffffffffn)));
    const exponent = i32.wrapI64(i64.shrU(bits, i64.const(52n)));
    const m = keep(i64.or(i64.and(bits, i64.const(0xfffffffffffffn)), i64.const(0x10000000000000n)));
    const [m0, m1] = [keep(i64.and(m, low32)), keep(i64.shrU(m, i64.const(32n)))];
    // x = m 2^(exponent - 1075); what lies more than two bits before the point is whole turns. NaN and infinity,
    // whose exponent is 2047, must not read beyond the table.
    const place = code.keep("i32", i32.sub(exponent, i32.const(1075 + 2 - AHEAD))).get;
    const most = i32.const(1024 + AHEAD);
    const safe = code.keep("i32", (c) => c.eval(place, most, i32.ltS(place, most)).op(0x1b)).get;
    const at = code.keep("i32", i32.shl(i32.shrU(safe, i32.const(5)), i32.const(2))).get;
    const shift = keep(i64.extendI32U(i32.sub(i32.const(32), i32.and(safe, i32.const(31)))));
    const word = (i: number): Expr => {
      const wordAt = (j: number) => i64.extendI32U(i32.load(at, address + 4 * j));
      const both = i64.or(i64.shl(wordAt(i), i64.const(32n)), wordAt(i + 1));
      return keep(i64.and(i64.shrU(both, shift), low32));
    };
    const w = [0, 1, 2, 3, 4, 5].map(word);

    // The product's words, the last first; each step's sums stay below 2^64.
    const p: Expr[] = [];
    let carry: Expr = i64.const(0n);
    for (let i = 5; i >= 0; i--) {
      const t = keep(i64.add(i64.mul(m0, w[i]!), carry));
      const behind = i < 5 ? i64.mul(m1, w[i + 1]!) : i64.const(0n);
      const u = keep(i64.add(behind, i64.and(t, low32)));
      p[i] = keep(i64.and(u, low32));
      carry = keep(i64.add(i64.shrU(t, i64.const(32n)), i64.shrU(u, i64.const(32n))));
    }
    const pair = (i: number) => i64.or(i64.shl(p[i]!, i64.const(32n)), p[i + 1]!);
    // Two bits of quadrant, then the fraction, which as a signed number goes from -1/2 to 1/2.
    const high = keep(i64.or(i64.shl(pair(0), i64.const(2n)), i64.shrU(p[2]!, i64.const(30n))));
    const next = i64.shrU(
      i64.or(i64.shl(p[2]!, i64.const(34n)), i64.shl(p[3]!, i64.const(2n))),
      i64.const(1n),
    );
    const fraction = f64.add(
      f64.mul(f64.convertI64(high), f64.const(2 ** -64)),
      f64.mul(f64.convertI64(next), f64.const(2 ** -127)),
    );
    const turns = i64.add(i64.shrU(p[0]!, i64.const(30n)), i64.shrU(high, i64.const(63n)));
    // NaN and infinities end here as NaN; the sign goes to both.
    const sign = code.keep(
      "f64",
      f64.reinterpretI64(
        i64.or(i64.and(i64.reinterpretF64(x!.get), i64.const(-(2n ** 63n))), i64.const(0x3ff0000000000000n)),
      ),
    ).get;
    const nan = f64.sub(x!.get, x!.get);
    code.eval(f64.mul(f64.convertI64(turns), sign));
    code.eval(f64.add(f64.mul(f64.mul(fraction, f64.const(Math.PI / 2)), sign), nan));
  });
}
