import { afterEach, describe, expect, it, vi } from "vitest";
import { concat } from "../../expr/functions.js";
import type { Shape } from "../../expr/shape.js";
import { constant, hostScalar, leaf, type Tensor, withInputs } from "../../expr/tensor.js";
import { expand } from "../../program/expand.js";
import type { DType, Layout, Program, Write } from "../../program/program.js";
import { randomProgram, seeded } from "../random-program.fixture.js";
import { reference } from "../reference.js";
import { light } from "./light.js";

const write = (arena: string, name: string, value: Tensor): Write => ({ arena, name, value });

/** Memory after one run of a program, from numbers that are the same each time. */
function run(engine: typeof light, layout: Layout, program: Program, dtype: DType = "float64") {
  const session = engine().open(layout, dtype);
  const next = seeded(3);
  for (const arena of Object.keys(layout)) {
    const numbers = session.read(arena).map(() => 2 * next() - 1);
    session.write(arena, undefined, numbers);
  }
  session.load(program).run(Float64Array.of(0.125, 2, 12347));
  return (arena: string, name?: string) => [...session.read(arena, name)];
}

/** The same program made of primitives, whose values engines must agree on to the last bit. */
function primitive(program: Program): Program {
  const primitives = expand(
    program.writes.map(({ value }) => value),
    withInputs,
  );
  return {
    ...program,
    writes: program.writes.map((each) => ({ ...each, value: primitives.get(each.value)! })),
  };
}

/** Values of expressions of tensors with these shapes, on light and on the reference of their primitives. */
function both(shapes: Readonly<Record<string, Shape>>, f: (x: Readonly<Record<string, Tensor>>) => Tensor[]) {
  const values = f(
    Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, leaf("x", name, shape)])),
  );
  const layout = { x: shapes, out: Object.fromEntries(values.map(({ shape }, i) => [i, shape])) };
  const program = { writes: values.map((value, i) => write("out", String(i), value)), hostScalars: [] };
  return [run(light, layout, program)("out"), run(reference, layout, primitive(program))("out")] as const;
}

describe("light", () => {
  it("gives the reference's bits for the primitives of random programs", () => {
    for (let seed = 1; seed <= 150; seed++) {
      const { layout, program, defined } = randomProgram(seed, "float64");
      const actual = run(light, layout, program);
      const expected = run(reference, layout, primitive(program));
      for (const { arena, name } of defined) {
        expect(actual(arena, name), `seed ${seed}, ${arena}:${name}`).toEqual(expected(arena, name));
      }
    }
  });

  it("reads every slot before it writes one", () => {
    const layout = { p: { a: [3], b: [3], c: [], d: [] } };
    const slot = (name: "a" | "b" | "c" | "d") => leaf("p", name, layout.p[name]);
    const swap = { a: slot("b"), b: slot("a").reshape([3]), c: slot("d"), d: slot("c") };
    const writes = Object.entries(swap).map(([name, value]) => write("p", name, value));
    const before = run(light, layout, { writes: [], hostScalars: [] });
    const after = run(light, layout, { writes, hostScalars: [] });
    expect(after("p", "a")).toEqual(before("p", "b"));
    expect(after("p", "b")).toEqual(before("p", "a"));
    expect([...after("p", "c"), ...after("p", "d")]).toEqual([...before("p", "d"), ...before("p", "c")]);
  });

  it("fills slots with one number", () => {
    const layout = { p: { constant: [2, 2], host: [3], computed: [2] } };
    const rate = hostScalar("rate");
    const read = run(light, layout, {
      writes: [
        write("p", "constant", constant(-0.5, [2, 2])),
        write("p", "host", rate.broadcastTo([3])),
        write("p", "computed", rate.mul(8).add(hostScalar("t")).broadcastTo([2])),
      ],
      hostScalars: ["rate", "t", "key"],
    });
    expect(read("p", "constant")).toEqual([-0.5, -0.5, -0.5, -0.5]);
    expect(read("p", "host")).toEqual([0.125, 0.125, 0.125]);
    expect(read("p", "computed")).toEqual([3, 3]);
  });

  it("uses totals inside later loops, over all numbers and along axes", () => {
    const [actual, expected] = both({ x: [3, 4], y: [4] }, ({ x, y }) => [
      x!.div(x!.sum()),
      x!.sub(x!.max(1, { keepDims: true })).mul(y!.prod()),
      x!.sum(0).mul(y!).div(x!.min()),
      x!.mul(2).sum(),
    ]);
    expect(actual).toEqual(expected);
  });

  it("stretches, pads, cuts and joins", () => {
    const [actual, expected] = both({ x: [2, 3], row: [3], one: [] }, ({ x, row, one }) => [
      row!.broadcastTo([2, 3]).transpose(),
      x!.pad([1, 0], [0, 2]),
      one!.reshape([1]).pad([2], [1]),
      x!.slice([1, 1], [1, 2]),
      concat([x!, x!.neg()], 1).add(one!),
    ]);
    expect(actual).toEqual(expected);
  });

  it("multiplies matrices and batches of them, empty ones too", () => {
    const [[first, ...rest]] = both({ a: [1, 2], b: [2, 1], c: [0, 2] }, ({ a, b, c }) => [
      a!.mul(0).add(3).matmul(b!.mul(0).add(0.5)),
      c!.matmul(b!),
      c!.transpose().matmul(c!),
    ]);
    expect(first).toBe(3);
    expect(rest).toEqual([0, 0, 0, 0]);
    const [actual, expected] = both({ a: [2, 1, 3, 4], b: [5, 4, 2] }, ({ a, b }) => [a!.matmul(b!)]);
    expect(actual).toEqual(expected);
  });

  it("compiles long chains, of numbers and of tensors", () => {
    const [actual, expected] = both({ x: [3], y: [] }, ({ x, y }) => {
      let [many, one] = [x!, y!];
      for (let i = 0; i < 5000; i++) [many, one] = [many.mul(0.5).add(0.1), one.mul(0.5).add(0.1)];
      return [many, one];
    });
    expect(actual).toEqual(expected);
  });

  it("computes once what several parameters have in common", () => {
    const layout = { p: { a: [], b: [2] } };
    const correction = () => constant(1).sub(hostScalar("rate").pow(hostScalar("t")));
    const writes = [
      write("p", "a", leaf("p", "a", []).div(correction())),
      write("p", "b", leaf("p", "b", [2]).div(correction())),
    ];
    const kernel = light()
      .open(layout, "float64")
      .load({ writes, hostScalars: ["rate", "t"] });
    expect(kernel.run.toString().match(/pow\(\)/g)).toHaveLength(1);
  });

  it("rounds to float32 where a slot is written, and no earlier", () => {
    const layout = { p: { x: [2], y: [2] } };
    const x = leaf("p", "x", [2]);
    const read = run(
      light,
      layout,
      { writes: [write("p", "y", x.add(1).div(3).mul(3).sub(1))], hostScalars: [] },
      "float32",
    );
    expect(read("p", "y")).toEqual(read("p", "x").map((each) => Math.fround(((each + 1) / 3) * 3 - 1)));
  });

  describe("where a policy forbids generated code", () => {
    afterEach(() => vi.unstubAllGlobals());

    it("runs as the reference and says so", () => {
      vi.stubGlobal(
        "Function",
        class {
          constructor() {
            throw new EvalError("Refused to evaluate a string as JavaScript");
          }
        },
      );
      const layout = { p: { x: [2] } };
      const session = light().open(layout, "float64");
      expect(session.notes.join()).toContain("instead of the engine light");
      session.write("p", "x", [1, 2]);
      session
        .load({ writes: [write("p", "x", leaf("p", "x", [2]).mul(2))], hostScalars: [] })
        .run(new Float64Array(0));
      expect([...session.read("p", "x")]).toEqual([2, 4]);
    });
  });
});
