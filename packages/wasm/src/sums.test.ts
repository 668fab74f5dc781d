import { constant, type Tensor } from "@downhill/core";
import { leaf } from "@downhill/core/engine";
import { beforeAll, describe, expect, it } from "vitest";
import { wasm } from "./wasm.js";

const n = 10_000_000;
const x = new Float32Array(n);
/** Sums that nothing is lost of: of float32 in float64, and what even that rounds off (T. J. Dekker, 1971). */
function exactSum(from = 0, step = 1, of: (value: number) => number = (value) => value): number {
  let [sum, lost] = [0, 0];
  for (let i = from; i < n; i += step) {
    const value = of(x[i]!);
    const next = sum + value;
    const back = next - sum;
    lost += sum - (next - back) + (value - back);
    sum = next;
  }
  return sum + lost;
}

/** What the engine makes of an expression of the ten million numbers. */
function valueOf(y: Tensor): Float32Array {
  const session = wasm({ threads: 1, fallback: false }).open(
    { p: { x: [n] }, out: { y: y.shape } },
    "float32",
  );
  session.view("p", "x").set(x);
  session.load({ writes: [{ arena: "out", name: "y", value: y }], hostScalars: [] }).run(new Float64Array(0));
  const result = session.read("out", "y") as Float32Array;
  session.dispose();
  return result;
}

const relative = (actual: number, exact: number) => Math.abs(actual - exact) / Math.abs(exact);
const all = leaf("p", "x", [n]);

describe("float32 sums of ten million terms are within a millionth", () => {
  beforeAll(() => {
    let state = 1;
    for (let i = 0; i < n; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      x[i] = state / 2 ** 32;
    }
  });

  it("of one like another", () => {
    expect(relative(valueOf(all.sum())[0]!, exactSum())).toBeLessThan(1e-6);
    expect(relative(valueOf(all.square().mean())[0]!, exactSum(0, 1, (v) => v * v) / n)).toBeLessThan(1e-6);
  });

  it("along columns", () => {
    const sums = valueOf(all.reshape([n / 10, 10]).sum(0));
    for (let column = 0; column < 10; column++) {
      expect(relative(sums[column]!, exactSum(column, 10))).toBeLessThan(1e-6);
    }
  });

  it("in a product of matrices", () => {
    const row = all.reshape([1, n]);
    expect(
      relative(
        valueOf(row.matmul(row.transpose()))[0]!,
        exactSum(0, 1, (v) => v * v),
      ),
    ).toBeLessThan(1e-6);
    const columns = all.reshape([n / 10, 10]);
    const ones = constant(1, [1, n / 10]);
    const sums = valueOf(ones.matmul(columns));
    for (let column = 0; column < 10; column++) {
      expect(relative(sums[column]!, exactSum(column, 10))).toBeLessThan(1e-6);
    }
  });
});
