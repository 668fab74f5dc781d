import type { Instruction, ScalarStep } from "@downhill/core/engine";
import type { Code, Expr } from "../encode/code.js";
import { f32, f64, f64x2, i32 } from "../encode/instructions.js";
import { asMask, asNumber, isComparison, type Speller, spell, type Value } from "./elementwise.js";
import { float64 } from "./lanes.js";
import { keyBits, uniform } from "./random.js";
import type { Target } from "./target.js";

/** Scalars between kernels: float64, in lane 0 of vectors, so that they share the kernels' functions. */
export function emitScalars(target: Target, code: Code, step: ScalarStep): void {
  const zero = i32.const(0);
  const { bytes } = target.lanes;
  const speller: Speller = { lanes: float64, call: (name, ...x) => target.callVector(name, float64, ...x) };
  const values = new Map<number, Value>();
  const keep = (value: Expr, mask = false): Value => ({ get: code.keep("v128", value).get, mask });
  const read = (scalar: number): Value => {
    const value = values.get(scalar) ?? keep(float64.loadSplat(zero, target.scalarAddress(scalar)));
    values.set(scalar, value);
    return value;
  };
  const number = (scalar: number) => asNumber(speller, read(scalar));
  const compute = (x: Instruction): Value => {
    switch (x.op) {
      case "constant":
        return { get: float64.number(x.value), mask: false };
      case "host":
        return keep(float64.loadSplat(zero, target.hostAddress(x.index)));
      case "scalar":
        return read(x.index);
      case "load": {
        const address = target.buffers[x.access.buffer]! + bytes * x.access.offset;
        const start = target.keepBase(code, x.access.buffer)?.get ?? zero;
        return keep(
          f64x2.splat(bytes === 4 ? f64.promoteF32(f32.load(start, address)) : f64.load(start, address)),
        );
      }
      case "index":
        return { get: float64.number(x.offset), mask: false };
      case "uniform": {
        const key = code.keep("i64", keyBits(float64.first(number(x.inputs[0])))).get;
        const index = i32.const(x.offset);
        return keep(
          uniform(target, float64, {
            key,
            stream: x.stream,
            index,
            step: 0,
            count: 1,
            together: false,
          }),
        );
      }
      case "reduce":
        throw new Error("A scalar has nothing to reduce.");
      default: {
        const inputs = x.inputs.map((input, i) =>
          x.op === "where" && i === 0 ? asMask(speller, read(input)) : number(input),
        );
        const locals = inputs.map((input) => code.keep("v128", input).get);
        return keep(spell(speller, x.op, locals), isComparison(x.op));
      }
    }
  };
  for (const { scalar, instruction } of step.body) values.set(scalar, compute(instruction));
  for (const { scalar } of step.body) {
    if (!target.read.scalars.has(scalar)) continue;
    code.eval(f64.store(zero, target.scalarAddress(scalar), float64.first(number(scalar))));
  }
  for (const { scalar, access } of step.stores) {
    const address = target.buffers[access.buffer]! + bytes * access.offset;
    const start = target.keepBase(code, access.buffer)?.get ?? zero;
    const value = float64.first(number(scalar));
    code.eval(
      bytes === 4 ? f32.store(start, address, f32.demoteF64(value)) : f64.store(start, address, value),
    );
  }
}
