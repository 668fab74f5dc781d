import type { DType, Floats, Tensor } from "@downhill/core";
import { leaf, math } from "@downhill/core/engine";
import { describe, expect, it } from "vitest";
import { wasm } from "../wasm.js";

/** Every power of two from the smallest subnormal up, four numbers in each octave, both signs, and what is special. */
function numbers(dtype: DType): number[] {
  const [least, most] = dtype === "float32" ? [-149, 127] : [-1074, 1023];
  const list = [0, -0, Infinity, -Infinity, Number.NaN];
  for (let k = least; k <= most; k++) {
    for (const m of [1, 1.1234567, 1.4321, 1.9999]) list.push(m * 2 ** k, -m * 2 ** k);
  }
  // Where the functions do their work.
  for (let x = -40; x < 40; x += 0.0371) list.push(x);
  for (let i = 1; i < 40; i++) list.push((i * Math.PI) / 2, 1 + i * 1e-3, 1 - i * 1e-3);
  return dtype === "float32" ? [...new Set(list.map(Math.fround))] : list;
}

function evaluate(
  dtype: DType,
  inputs: readonly (readonly number[])[],
  f: (...x: Tensor[]) => Tensor,
): Floats {
  const shape = [inputs[0]!.length];
  const slots = Object.fromEntries(inputs.map((_, i) => [`x${i}`, shape]));
  const session = wasm({ fallback: false }).open({ input: slots, output: { y: shape } }, dtype);
  inputs.forEach((values, i) => session.write("input", `x${i}`, values));
  const y = f(...inputs.map((_, i) => leaf("input", `x${i}`, shape)));
  session
    .load({ writes: [{ arena: "output", name: "y", value: y }], hostScalars: [] })
    .run(new Float64Array(0));
  return session.read("output", "y");
}

/** How many numbers of the dtype lie between the two, for numbers near one another. */
function ulps(dtype: DType, actual: number, expected: number): number {
  const rounded = dtype === "float32" ? Math.fround(expected) : expected;
  if (Object.is(actual, rounded) || actual === rounded) return 0;
  if (!Number.isFinite(actual) || !Number.isFinite(rounded)) return Infinity;
  const [bits, least] = dtype === "float32" ? [23, -126] : [52, -1022];
  const exponent = Math.max(least, Math.floor(Math.log2(Math.abs(rounded))));
  return Math.abs(actual - expected) / 2 ** (exponent - bits);
}

const unary = {
  exp: [(x: Tensor) => x.exp(), math.exp, 2],
  expm1: [(x: Tensor) => x.expm1(), math.expm1, 3],
  log: [(x: Tensor) => x.log(), math.log, 2],
  log1p: [(x: Tensor) => x.log1p(), math.log1p, 4],
  tanh: [(x: Tensor) => x.tanh(), math.tanh, 4],
  erf: [(x: Tensor) => x.erf(), math.erf, 3],
  sin: [(x: Tensor) => x.sin(), math.sin, 2],
  cos: [(x: Tensor) => x.cos(), math.cos, 2],
} as const;

describe.each(["float32", "float64"] as const)("%s", (dtype) => {
  it.each(Object.entries(unary))(
    "%s is within a few ulp over its whole range",
    (_, [f, reference, bound]) => {
      const x = numbers(dtype);
      const y = evaluate(dtype, [x], f);
      const worst = x.map((value, i) => ({ value, off: ulps(dtype, y[i]!, reference(value)), got: y[i] }));
      worst.sort((a, b) => b.off - a.off);
      expect(worst.filter(({ off }) => !(off <= bound)).slice(0, 5)).toEqual([]);
    },
  );

  it("exp of a row less its largest number is within a few ulp, down to subnormal results", () => {
    const x = [0, ...numbers(dtype).filter((value) => value <= 0)];
    const shifted = (list: readonly number[]) =>
      evaluate(dtype, [[...list, ...list]], (both) => {
        const rows = both.reshape([2, list.length]);
        return rows
          .sub(rows.max(1, { keepDims: true }))
          .exp()
          .reshape([2 * list.length]);
      });
    const y = shifted(x);
    const off = x.map((value, i) => ({ value, off: ulps(dtype, y[i]!, math.exp(value)), got: y[i] }));
    expect(off.filter((each) => !(each.off <= 2)).slice(0, 5)).toEqual([]);
    expect(y.some((value) => value > 0 && value < (dtype === "float32" ? 2 ** -126 : 2 ** -1022))).toBe(true);
    expect([...shifted([1, Number.NaN, 0])]).toEqual(Array(6).fill(Number.NaN));
  });

  it.each([
    ["pow", (x: Tensor, y: Tensor) => x.pow(y), math.pow, 8],
    ["atan2", (x: Tensor, y: Tensor) => x.atan2(y), math.atan2, 4],
  ] as const)(
    "%s is within a few ulp for all pairs of magnitudes, signs and special numbers",
    (_, f, reference, bound) => {
      const some = numbers(dtype).filter((_, i) => i < 5 || i % 29 === 0);
      const pairs = some.flatMap((x) => some.map((y) => [x, y] as const));
      const [a, b] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
      const result = evaluate(dtype, [a, b], f);
      const worst = pairs.map(([x, y], i) => ({
        x,
        y,
        off: ulps(dtype, result[i]!, reference(x, y)),
        got: result[i],
      }));
      worst.sort((p, q) => q.off - p.off);
      expect(worst.filter(({ off }) => !(off <= bound)).slice(0, 5)).toEqual([]);
    },
  );
});
