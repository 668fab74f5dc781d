import type { Code, Expr } from "./code.js";
import { unsigned } from "./leb128.js";
import type { FunctionRef } from "./module.js";

/** Expressions of WebAssembly's instructions, under the specification's names. */
export const op =
  (...bytes: readonly number[]) =>
  (...operands: readonly Expr[]): Expr =>
  (code) => {
    code.eval(...operands).op(...bytes);
  };

/** A SIMD instruction. */
export const simd = (opcode: number) => op(...simdBytes(opcode));

function simdBytes(opcode: number): number[] {
  const bytes = [0xfd];
  unsigned(bytes, opcode);
  return bytes;
}

/** A load or store at `address + offset`; alignment is only a hint, so none is promised. */
export const memory =
  (...bytes: readonly number[]) =>
  (address: Expr, offset: number, ...operands: readonly Expr[]): Expr =>
  (code) => {
    code
      .eval(address, ...operands)
      .op(...bytes, 0)
      .u32(offset);
  };

const simdMemory = (opcode: number) => memory(...simdBytes(opcode));

/** An atomic access of `2 ** log2` bytes: its alignment is no hint, and must be that. */
const atomicMemory =
  (opcode: number, log2: 2 | 3) =>
  (address: Expr, offset: number, ...operands: readonly Expr[]): Expr =>
  (code) => {
    code
      .eval(address, ...operands)
      .op(0xfe, opcode, log2)
      .u32(offset);
  };

const simdLane =
  (opcode: number) =>
  (lane: number) =>
  (...operands: readonly Expr[]): Expr =>
  (code) => {
    code.eval(...operands).op(...simdBytes(opcode), lane);
  };

const laneMemory =
  (opcode: number) =>
  (lane: number, address: Expr, offset: number, vector: Expr): Expr =>
  (code) => {
    code
      .eval(address, vector)
      .op(...simdBytes(opcode), 0)
      .u32(offset)
      .op(lane);
  };

const scratch = new DataView(new ArrayBuffer(8));
const floatBytes = (value: number, bytes: 4 | 8): number[] => {
  if (bytes === 4) scratch.setFloat32(0, value, true);
  else scratch.setFloat64(0, value, true);
  return Array.from({ length: bytes }, (_, i) => scratch.getUint8(i));
};

export const call =
  ({ index }: FunctionRef, ...operands: readonly Expr[]): Expr =>
  (code) => {
    code
      .eval(...operands)
      .op(0x10)
      .u32(index);
  };

export const i32 = {
  const:
    (value: number): Expr =>
    (code) =>
      void code.op(0x41).s64(value | 0),
  load: memory(0x28),
  store: memory(0x36),
  eqz: op(0x45),
  eq: op(0x46),
  ltS: op(0x48),
  ltU: op(0x49),
  add: op(0x6a),
  sub: op(0x6b),
  mul: op(0x6c),
  and: op(0x71),
  shl: op(0x74),
  shrU: op(0x76),
  wrapI64: op(0xa7),
  truncF64: op(0xfc, 2),
  truncF32: op(0xfc, 0),
  fromF64: op(0xaa),
};

export const i64 = {
  const:
    (value: bigint): Expr =>
    (code) =>
      void code.op(0x42).s64(BigInt.asIntN(64, value)),
  load: memory(0x29),
  eqz: op(0x50),
  eq: op(0x51),
  add: op(0x7c),
  sub: op(0x7d),
  mul: op(0x7e),
  and: op(0x83),
  or: op(0x84),
  xor: op(0x85),
  shl: op(0x86),
  shrS: op(0x87),
  shrU: op(0x88),
  extendI32U: op(0xad),
  truncF64: op(0xfc, 6),
  reinterpretF64: op(0xbd),
};

/** On memory that threads share, all in one order. */
export const atomic = {
  load: atomicMemory(0x10, 2),
  store: atomicMemory(0x17, 2),
  /** Leaves what was there before. */
  add: atomicMemory(0x1e, 2),
  load64: atomicMemory(0x11, 3),
  store64: atomicMemory(0x18, 3),
  /** (expected, replacement); leaves what was there before. */
  compareExchange64: atomicMemory(0x49, 3),
  /** (count); leaves how many were woken. */
  notify: atomicMemory(0x00, 2),
  /** (expected, nanoseconds as an i64). */
  wait: atomicMemory(0x01, 2),
};

/** An imported global. */
export const globalGet =
  (index: number): Expr =>
  (code) =>
    void code.op(0x23).u32(index);

export const f32 = {
  load: memory(0x2a),
  store: memory(0x38),
  lt: op(0x5d),
  ge: op(0x60),
  demoteF64: op(0xb6),
};

export const f64 = {
  const:
    (value: number): Expr =>
    (code) =>
      void code.op(0x44, ...floatBytes(value, 8)),
  load: memory(0x2b),
  store: memory(0x39),
  eq: op(0x61),
  lt: op(0x63),
  gt: op(0x64),
  ge: op(0x66),
  abs: op(0x99),
  neg: op(0x9a),
  nearest: op(0x9e),
  add: op(0xa0),
  sub: op(0xa1),
  mul: op(0xa2),
  div: op(0xa3),
  min: op(0xa4),
  max: op(0xa5),
  convertI32: op(0xb7),
  convertI64: op(0xb9),
  promoteF32: op(0xbb),
  reinterpretI64: op(0xbf),
};

export const v128 = {
  load: simdMemory(0x00),
  load32Splat: simdMemory(0x09),
  load64Splat: simdMemory(0x0a),
  load32Zero: simdMemory(0x5c),
  load64Zero: simdMemory(0x5d),
  store: simdMemory(0x0b),
  load32Lane: laneMemory(0x56),
  load64Lane: laneMemory(0x57),
  store32Lane: laneMemory(0x5a),
  store64Lane: laneMemory(0x5b),
  const:
    (bytes: readonly number[]): Expr =>
    (code) =>
      void code.op(0xfd, 0x0c, ...bytes),
  /** The sixteen bytes at these places of the two operands' thirty-two. */
  shuffle:
    (places: readonly number[]) =>
    (a: Expr, b: Expr): Expr =>
    (code) =>
      void code.eval(a, b).op(0xfd, 0x0d, ...places),
  not: simd(0x4d),
  and: simd(0x4e),
  /** a and not b. */
  andnot: simd(0x4f),
  or: simd(0x50),
  xor: simd(0x51),
  /** Bits of `yes` where the mask has ones: (yes, no, mask). */
  bitselect: simd(0x52),
  anyTrue: simd(0x53),
};

/** The same number in every lane. */
export const splat32 = (value: number): Expr => v128.const(repeated(floatBytes(value, 4)));
export const splat64 = (value: number): Expr => v128.const(repeated(floatBytes(value, 8)));
/** Words of 32 bits, one a lane. */
export const words = (...lanes: readonly number[]): Expr =>
  v128.const(lanes.flatMap((lane) => [lane & 255, (lane >>> 8) & 255, (lane >>> 16) & 255, lane >>> 24]));
const repeated = (bytes: readonly number[]) => Array.from({ length: 16 }, (_, i) => bytes[i % bytes.length]!);

export const i32x4 = {
  splat: simd(0x11),
  extract: simdLane(0x1b),
  replace: simdLane(0x1c),
  shl: simd(0xab),
  shrS: simd(0xac),
  shrU: simd(0xad),
  add: simd(0xae),
  sub: simd(0xb1),
  mul: simd(0xb5),
  truncF32x4: simd(0xf8),
  truncF64x2: simd(0xfc),
};

export const i64x2 = {
  splat: simd(0x12),
  extract: simdLane(0x1d),
  replace: simdLane(0x1e),
  shl: simd(0xcb),
  shrS: simd(0xcc),
  shrU: simd(0xcd),
  add: simd(0xce),
  sub: simd(0xd1),
  extendLow: simd(0xc7),
};

export const f32x4 = {
  splat: simd(0x13),
  extract: simdLane(0x1f),
  replace: simdLane(0x20),
  eq: simd(0x41),
  ne: simd(0x42),
  lt: simd(0x43),
  gt: simd(0x44),
  le: simd(0x45),
  ge: simd(0x46),
  floor: simd(0x68),
  nearest: simd(0x6a),
  abs: simd(0xe0),
  neg: simd(0xe1),
  sqrt: simd(0xe3),
  add: simd(0xe4),
  sub: simd(0xe5),
  mul: simd(0xe6),
  div: simd(0xe7),
  min: simd(0xe8),
  max: simd(0xe9),
  /** b < a ? b : a. */
  pmin: simd(0xea),
  /** a < b ? b : a. */
  pmax: simd(0xeb),
  convertI32x4: simd(0xfa),
  demoteF64x2: simd(0x5e),
  relaxedMadd: simd(0x105),
};

export const f64x2 = {
  splat: simd(0x14),
  extract: simdLane(0x21),
  replace: simdLane(0x22),
  eq: simd(0x47),
  ne: simd(0x48),
  lt: simd(0x49),
  gt: simd(0x4a),
  le: simd(0x4b),
  ge: simd(0x4c),
  floor: simd(0x75),
  nearest: simd(0x94),
  abs: simd(0xec),
  neg: simd(0xed),
  sqrt: simd(0xef),
  add: simd(0xf0),
  sub: simd(0xf1),
  mul: simd(0xf2),
  div: simd(0xf3),
  min: simd(0xf4),
  max: simd(0xf5),
  pmin: simd(0xf6),
  pmax: simd(0xf7),
  convertLowI32x4: simd(0xfe),
  promoteLowF32x4: simd(0x5f),
  relaxedMadd: simd(0x107),
};

/** Sets `count` bytes to zero. */
export const clear =
  (address: Expr, count: Expr) =>
  (code: Code): void => {
    code.eval(address, i32.const(0), count).op(0xfc, 11, 0);
  };
