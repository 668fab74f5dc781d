import { afterEach, describe, expect, it, vi } from "vitest";
import { where } from "../../expr/functions.js";
import type { Shape } from "../../expr/shape.js";
import { constant, hostScalar, leaf, type Tensor } from "../../expr/tensor.js";
import type { DType, Program } from "../../program/program.js";
import { net } from "../../program/programs.fixture.js";
import { seeded } from "../random-program.fixture.js";
import { reference } from "../reference.js";
import { js } from "./js.js";

/** Runs one expression of tensors with the given shapes on `engine`, from the same random numbers. */
function evaluate(
  shapes: Readonly<Record<string, Shape>>,
  f: (x: Readonly<Record<string, Tensor>>) => Tensor,
  engine = js(),
  dtype: DType = "float64",
  fill: (i: number) => number = (() => {
    const next = seeded(5);
    return () => 2 * next() - 1;
  })(),
): number[] {
  const leaves = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, leaf("x", name, shape)]),
  );
  const value = f(leaves);
  const session = engine.open({ x: shapes, out: { value: value.shape } }, dtype);
  session.write(
    "x",
    undefined,
    session.read("x").map((_, i) => fill(i)),
  );
  session
    .load({ writes: [{ arena: "out", name: "value", value }], hostScalars: [] })
    .run(new Float64Array(0));
  return [...session.read("out", "value")];
}

function expectClose(actual: readonly number[], expected: readonly number[], tolerance = 1e-13) {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((x, i) => expect(Math.abs(x - expected[i]!)).toBeLessThanOrEqual(tolerance));
}

describe("js", () => {
  it("multiplies matrices of every small size, transposed or not", () => {
    for (let m = 2; m <= 9; m++) {
      for (let n = 2; n <= 9; n++) {
        for (const k of [2, 3, 5, 8]) {
          const shapes = { a: [m, k], b: [k, n], at: [k, m], bt: [n, k] };
          const f = (x: Readonly<Record<string, Tensor>>) =>
            x.a!.matmul(x.b!).add(x.at!.transpose().matmul(x.bt!.transpose()).mul(3));
          expectClose(evaluate(shapes, f), evaluate(shapes, f, reference()));
        }
      }
    }
  });

  it.each([
    ["both operands are packed", [2, 50], 61, 47],
    ["the left one is too large to be packed", [1100], 1000, 2],
    ["rows are too long to be packed", [2], 33_000, 2],
  ] as const)("adds a product's terms in their order where %s", (_, rows, k, n) => {
    const [batch, m] = [rows.slice(0, -1), rows.at(-1)!];
    const shapes = { a: [...rows, k], at: [...batch, k, m], b: [...batch, k, n], bt: [...batch, n, k] };
    const flip = batch.length > 0 ? [0, 2, 1] : [1, 0];
    for (const f of [
      (x: Readonly<Record<string, Tensor>>) => x.a!.matmul(x.b!),
      (x: Readonly<Record<string, Tensor>>) => x.at!.transpose(flip).matmul(x.bt!.transpose(flip)),
    ]) {
      expect(evaluate(shapes, f)).toEqual(evaluate(shapes, f, reference()));
    }
  });

  it("multiplies batches of matrices, stretched and sliced ones too", () => {
    const shapes = { a: [2, 3, 4, 5], b: [3, 5, 6], c: [5, 9] };
    for (const f of [
      (x: Readonly<Record<string, Tensor>>) => x.a!.matmul(x.b!),
      (x: Readonly<Record<string, Tensor>>) => x.a!.matmul(x.c!.slice([0, 2], [5, 4])),
      (x: Readonly<Record<string, Tensor>>) => x.a!.slice([1, 0, 1, 0], [1, 3, 2, 5]).matmul(x.b!).exp(),
    ]) {
      expectClose(evaluate(shapes, f), evaluate(shapes, f, reference()));
    }
  });

  it("reduces over any axes", () => {
    const shape = [3, 4, 5, 6];
    for (let set = 1; set < 16; set++) {
      const axes = [0, 1, 2, 3].filter((axis) => set & (1 << axis));
      for (const f of [
        (x: Readonly<Record<string, Tensor>>) => x.x!.sum(axes),
        (x: Readonly<Record<string, Tensor>>) => x.x!.transpose([2, 0, 3, 1]).max(axes),
        (x: Readonly<Record<string, Tensor>>) => x.x!.min(axes).add(x.x!.add(1.5).prod(axes).log1p()),
      ]) {
        expectClose(evaluate({ x: shape }, f), evaluate({ x: shape }, f, reference()), 1e-12);
      }
    }
  });

  it("sums a million numbers without losing digits", () => {
    const count = 1_000_003;
    const [sum] = evaluate(
      { x: [count] },
      ({ x }) => x!.sum(),
      js(),
      "float32",
      () => 0.1,
    );
    expect(sum).toBe(Math.fround(count * Math.fround(0.1)));
    const [exact] = evaluate(
      { x: [count] },
      ({ x }) => x!.sum(),
      js(),
      "float64",
      () => 0.1,
    );
    // Blocks of 1024 and their thousand sums, each with the rounding of that many additions at most.
    expect(Math.abs(exact! / (count * 0.1) - 1)).toBeLessThan(2 * 1024 * 2 ** -53);
    const columns = evaluate(
      { x: [100_000, 3] },
      ({ x }) => x!.sum(0),
      js(),
      "float32",
      () => 0.1,
    );
    for (const column of columns) expect(column).toBe(Math.fround(100_000 * Math.fround(0.1)));
  });

  it("passes NaN through limits, sums and products, and keeps it out of what is not taken", () => {
    const nan = (i: number) => [Number.NaN, 1, -1, Number.POSITIVE_INFINITY, -0][i % 5]!;
    for (const f of [
      ({ x }: Readonly<Record<string, Tensor>>) => x!.relu(),
      ({ x }: Readonly<Record<string, Tensor>>) => x!.maximum(0.5),
      ({ x }: Readonly<Record<string, Tensor>>) => x!.minimum(0),
      ({ x }: Readonly<Record<string, Tensor>>) => x!.clamp(-0.5, 0.5),
      ({ x }: Readonly<Record<string, Tensor>>) => x!.maximum(x!.neg()),
      ({ x }: Readonly<Record<string, Tensor>>) => x!.sign(),
      ({ x }: Readonly<Record<string, Tensor>>) => x!.max(),
      ({ x }: Readonly<Record<string, Tensor>>) => where(x!.isFinite(), x!, 7),
      ({ x }: Readonly<Record<string, Tensor>>) => where(x!.ne(x!), 1, constant(1, [5]).div(x!)),
    ]) {
      expect(evaluate({ x: [5] }, f, js(), "float64", nan)).toEqual(
        evaluate({ x: [5] }, f, reference(), "float64", nan),
      );
    }
  });

  it("rounds to float32 where a value is stored, not before", () => {
    const [value] = evaluate(
      { x: [1] },
      ({ x }) => x!.add(1e-10).sub(x!).mul(1e10),
      js(),
      "float32",
      () => 1,
    );
    expect(value).toBeCloseTo(1, 5);
  });

  it("has one number for a value that is stored and compared", () => {
    for (let divisor = 3; divisor < 40; divisor++) {
      // The largest is equal to itself, in a kernel of its own, in a row program, and one addition later.
      for (const f of [
        (x: Tensor) => x.div(divisor).eq(x.div(divisor).max()).sum(),
        (x: Tensor) =>
          x
            .div(divisor)
            .eq(x.div(divisor).max(-1, { keepDims: true }))
            .sum(-1)
            .min(),
        (x: Tensor) => {
          const y = x.div(divisor);
          return y.add(0.3).eq(y.add(0.3).max()).add(y.exp().sub(y.exp())).sum();
        },
      ]) {
        expect(evaluate({ x: [7, 5] }, ({ x }) => f(x!), js(), "float32")).toEqual([1]);
      }
    }
  });

  it("runs a long program, split into functions, as it runs a short one", () => {
    const { layout, program } = net([6, 16, 16, 16, 16, 16, 16, 16, 4], 8, "cross-entropy", true);
    const [loss, expected] = [js(), reference()].map((engine) => {
      const session = engine.open(layout, "float64");
      const next = seeded(3);
      for (const arena of ["p", "batch"])
        session.write(
          arena,
          undefined,
          session.read(arena).map(() => next() - 0.5),
        );
      const kernel = session.load(program);
      for (const t of [1, 2, 3]) kernel.run(Float64Array.of(1e-3, t));
      return [...session.read("out"), ...session.read("p")];
    });
    expectClose(loss!, expected!, 1e-8);
  });

  it("allocates nothing in a run", () => {
    const { layout, program: whole } = net([8, 16, 4], 16, "squares", true);
    // Without Adam's powers: the test runner's modules keep our own functions from being inlined.
    const writes = [...whole.writes.slice(0, 2), ...whole.placements!];
    const session = js().open(layout, "float32");
    const kernel = session.load({ ...whole, writes, placements: [] });
    const scalars = Float64Array.of(1e-3, 1);
    /** Bytes that the heap grew by in each of some runs, once they are compiled. */
    const grown = Array.from({ length: 30 }, (_, window) => {
      const before = process.memoryUsage().heapUsed;
      for (let i = 0; i < 1000; i++) {
        scalars[1] = 1000 * window + i + 1;
        kernel.run(scalars);
      }
      return (process.memoryUsage().heapUsed - before) / 1000;
    });
    const last = grown.slice(-9).sort((a, b) => a - b);
    // A single number would be 12 bytes or more.
    expect(last[4]).toBeLessThan(8);
  });

  it("names the slot or scalar that a program asks for in vain", () => {
    const session = js().open({ p: { weight: [2] } }, "float64");
    const load = (program: Partial<Program>) => session.load({ writes: [], hostScalars: [], ...program });
    const write = (value: Tensor, name = "weight") => [{ arena: "p", name, value }];
    expect(() => load({ writes: write(leaf("p", "wieght", [2])) })).toThrow('no slot "p:wieght"');
    expect(() => load({ writes: write(constant(1, [2]), "bias") })).toThrow('no slot "p:bias"');
    expect(() => load({ writes: write(leaf("p", "weight", [3]).slice([0], [2])) })).toThrow("3 numbers");
    expect(() => load({ writes: write(hostScalar("rate").broadcastTo([2])) })).toThrow(
      'no host scalar "rate"',
    );
  });

  describe("where a policy forbids generated code", () => {
    afterEach(() => vi.unstubAllGlobals());

    it("says so and runs as the reference interpreter", () => {
      vi.stubGlobal(
        "Function",
        class {
          constructor() {
            throw new EvalError("Refused to evaluate a string as JavaScript");
          }
        },
      );
      const session = js().open({ p: { x: [2] } }, "float64");
      expect(session.notes.join()).toContain("content-security policy");
      session.write("p", "x", [1, 2]);
      const value = leaf("p", "x", [2]).exp();
      session.load({ writes: [{ arena: "p", name: "x", value }], hostScalars: [] }).run(new Float64Array(0));
      expect(session.read("p", "x")[0]).toBeCloseTo(Math.E, 14);
    });
  });

  it("has nothing to note otherwise", () => {
    expect(js().open({ p: { x: [2] } }, "float64").notes).toEqual([]);
  });
});
