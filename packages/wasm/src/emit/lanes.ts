import type { DType } from "@downhill/core";
import type { Code, Expr, Local } from "../encode/code.js";
import { f32, f32x4, f64, f64x2, splat32, splat64, v128 } from "../encode/instructions.js";

/** A vector of one dtype: its arithmetic, and how it comes from memory and goes there, whole or in part. */
export interface Lanes {
  readonly dtype: DType;
  /** Numbers in a vector. */
  readonly count: number;
  /** Bytes of a number. */
  readonly bytes: number;
  readonly arithmetic: typeof f32x4 | typeof f64x2;
  /** The smallest positive number that is not subnormal. */
  readonly smallest: number;
  /** A number in every lane. */
  readonly number: (value: number) => Expr;
  /** A float64 on the stack, rounded, in every lane. */
  readonly spread: (value: Expr) => Expr;
  readonly loadSplat: (address: Expr, offset: number) => Expr;
  /** The first `lanes` numbers, `stride` bytes apart; 0 or anything in the lanes beyond. */
  readonly load: (address: Expr, offset: number, stride: number, lanes: number) => Expr;
  readonly store: (
    code: Code,
    address: Expr,
    offset: number,
    stride: number,
    lanes: number,
    value: Local,
  ) => void;
  /** Lane 0 as a float64. */
  readonly first: (value: Expr) => Expr;
}

export const float32: Lanes = {
  dtype: "float32",
  count: 4,
  bytes: 4,
  arithmetic: f32x4,
  smallest: 2 ** -126,
  number: splat32,
  spread: (value) => f32x4.splat(f32.demoteF64(value)),
  loadSplat: v128.load32Splat,
  load(address, offset, stride, lanes) {
    if (stride === 4 && lanes === 4) return v128.load(address, offset);
    const pair = stride === 4 && lanes > 1;
    let vector = pair ? v128.load64Zero(address, offset) : v128.load32Zero(address, offset);
    for (let lane = pair ? 2 : 1; lane < lanes; lane++) {
      vector = v128.load32Lane(lane, address, offset + lane * stride, vector);
    }
    return vector;
  },
  store(code, address, offset, stride, lanes, value) {
    if (stride === 4 && lanes === 4) return void code.eval(v128.store(address, offset, value.get));
    const pair = stride === 4 && lanes > 1;
    if (pair) code.eval(v128.store64Lane(0, address, offset, value.get));
    for (let lane = pair ? 2 : 0; lane < lanes; lane++) {
      code.eval(v128.store32Lane(lane, address, offset + lane * stride, value.get));
    }
  },
  first: (value) => f64.promoteF32(f32x4.extract(0)(value)),
};

export const float64: Lanes = {
  dtype: "float64",
  count: 2,
  bytes: 8,
  arithmetic: f64x2,
  smallest: 2 ** -1022,
  number: splat64,
  spread: (value) => f64x2.splat(value),
  loadSplat: v128.load64Splat,
  load(address, offset, stride, lanes) {
    if (stride === 8 && lanes === 2) return v128.load(address, offset);
    const first = v128.load64Zero(address, offset);
    return lanes === 1 ? first : v128.load64Lane(1, address, offset + stride, first);
  },
  store(code, address, offset, stride, lanes, value) {
    if (stride === 8 && lanes === 2) return void code.eval(v128.store(address, offset, value.get));
    for (let lane = 0; lane < lanes; lane++) {
      code.eval(v128.store64Lane(lane, address, offset + lane * stride, value.get));
    }
  },
  first: (value) => f64x2.extract(0)(value),
};

export const lanesOf = (dtype: DType): Lanes => (dtype === "float32" ? float32 : float64);
