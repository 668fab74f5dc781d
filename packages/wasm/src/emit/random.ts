import type { Expr } from "../encode/code.js";
import { call, f32x4, f64x2, i32, i32x4, i64, i64x2, splat32, splat64 } from "../encode/instructions.js";
import type { FunctionRef, ModuleWriter } from "../encode/module.js";
import type { Lanes } from "./lanes.js";
import type { Target } from "./target.js";

/**
 * Philox4x32-10 (J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3",
 * SC 2011) of the counter (block, 0, stream, 0): four words. Scalars of 64 bits have the wide product that vectors lack.
 */
export function philox(writer: ModuleWriter): FunctionRef {
  return writer.func(["i64", "i32", "i32"], ["v128"], (code, key, block, stream) => {
    const low = i64.const(0xffffffffn);
    const word = (value: Expr) => code.keep("i64", value);
    const k0 = word(i64.and(key!.get, low));
    const k1 = word(i64.shrU(key!.get, i64.const(32n)));
    const [c0, c1] = [word(i64.extendI32U(block!.get)), word(i64.const(0n))];
    const [c2, c3] = [word(i64.extendI32U(stream!.get)), word(i64.const(0n))];
    for (let round = 0; round < 10; round++) {
      const first = word(i64.mul(c0.get, i64.const(0xd2511f53n))).get;
      const second = word(i64.mul(c2.get, i64.const(0xcd9e8d57n))).get;
      const high = (product: Expr) => i64.shrU(product, i64.const(32n));
      code.set(c0, i64.xor(i64.xor(high(second), c1.get), k0.get));
      code.set(c1, i64.and(second, low));
      code.set(c2, i64.xor(i64.xor(high(first), c3.get), k1.get));
      code.set(c3, i64.and(first, low));
      code.set(k0, i64.and(i64.add(k0.get, i64.const(0x9e3779b9n)), low));
      code.set(k1, i64.and(i64.add(k1.get, i64.const(0xbb67ae85n)), low));
    }
    const pair = (a: Expr, b: Expr) => i64.or(a, i64.shl(b, i64.const(32n)));
    code.eval(i64x2.replace(1)(i64x2.splat(pair(c0.get, c1.get)), pair(c2.get, c3.get)));
  });
}

/** The 64 bits of a key that is a whole number in float64. */
export const keyBits = (key: Expr): Expr => i64.truncF64(key);

/**
 * `uniform32` of the elements index, index + step, … as a vector. Where they are four neighbours of one block, as
 * `together` promises for 32-bit lanes, that block is made once.
 */
export function uniform(
  target: Target,
  lanes: Lanes,
  {
    key,
    stream,
    index,
    step,
    count,
    together,
  }: {
    readonly key: Expr;
    readonly stream: number;
    readonly index: Expr;
    readonly step: number;
    readonly count: number;
    readonly together: boolean;
  },
): Expr {
  const block = (at: Expr) => target.callPhilox(key, i32.shrU(at, i32.const(2)), i32.const(stream));
  let words: Expr;
  if (together) words = block(index);
  else {
    const one = oneWord(target);
    const at = (lane: number) => call(one, key, i32.add(index, i32.const(lane * step)), i32.const(stream));
    let vector = i32x4.splat(at(0));
    for (let lane = 1; lane < count; lane++) vector = i32x4.replace(lane)(vector, at(lane));
    words = vector;
  }
  const bits = i32x4.shrU(words, i32.const(8));
  return lanes.dtype === "float32"
    ? f32x4.mul(f32x4.convertI32x4(bits), splat32(2 ** -24))
    : f64x2.mul(f64x2.convertLowI32x4(bits), splat64(2 ** -24));
}

const known = new WeakMap<Target, FunctionRef>();

/** The word of one element. */
function oneWord(target: Target): FunctionRef {
  const made =
    known.get(target) ??
    target.writer.func(["i64", "i32", "i32"], ["i32"], (code, key, index, stream) => {
      const words = code.keep(
        "v128",
        target.callPhilox(key!.get, i32.shrU(index!.get, i32.const(2)), stream!.get),
      ).get;
      const lane = i32.and(index!.get, i32.const(3));
      const pair = code.keep("i64", (c) =>
        c.eval(i64x2.extract(1)(words), i64x2.extract(0)(words), i32.shrU(lane, i32.const(1))).op(0x1b),
      ).get;
      const shift = i64.shl(i64.extendI32U(i32.and(index!.get, i32.const(1))), i64.const(5n));
      code.eval(i32.wrapI64(i64.shrU(pair, shift)));
    });
  known.set(target, made);
  return made;
}
