import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Program, random } from "@downhill/core";
import { hostScalar, leaf, uniform32 } from "@downhill/core/engine";
import { describe, expect, it, vi } from "vitest";
import { sharing } from "./threads/sharing.fixture.js";
import { wasm } from "./wasm.js";

const none = new Float64Array(0);
const program = (writes: Program["writes"], hostScalars: readonly string[] = []): Program => ({
  writes,
  hostScalars,
});

describe("a session", () => {
  it("moves its memory when a program needs more, and earlier programs go on", () => {
    const session = wasm().open({ p: { x: [3] }, out: { y: [], z: [] } }, "float32");
    const x = leaf("p", "x", [3]);
    const small = session.load(
      program([{ arena: "out", name: "y", value: x.sum().mul(hostScalar("rate")) }], ["rate"]),
    );
    session.write("p", "x", [1, 2, 3]);
    const large = x
      .reshape([3, 1])
      .mul(leaf("p", "x", [1]).broadcastTo([1, 100_000]))
      .exp();
    session
      .load(program([{ arena: "out", name: "z", value: large.matmul(large.transpose()).sum().log() }]))
      .run(none);
    small.run(Float64Array.of(0.5));
    expect(session.read("out", "y")[0]).toBe(3);
    expect([...session.read("p", "x")]).toEqual([1, 2, 3]);
  });

  it.each([1, 2])("holds more than 2 GiB and computes beyond them, with %i threads", (threads) => {
    const [n, m] = [140 * 2 ** 20, 1000];
    const layout = { low: { x: [n] }, high: { y: [n], z: [m], sum: [] } };
    const session = sharing(threads, 100).open(layout, "float64");
    session.view("high", "z").fill(3);
    session.view("high", "y")[n - 1] = 7;
    const z = leaf("high", "z", [m]);
    const double = [
      { arena: "high", name: "z", value: z.mul(2) },
      { arena: "high", name: "sum", value: z.sum() },
    ];
    session.load(program(double)).run(none);
    expect(session.read("high", "z").every((x) => x === 6)).toBe(true);
    expect(session.read("high", "sum")[0]).toBe(3 * m);
    expect(session.view("high", "y")[n - 1]).toBe(7);
    session.dispose();
  });

  it.each([1, 2])("says what to do where memory is not to be had, with %i threads", (threads) => {
    const engine = wasm({ threads });
    expect(() => engine.open({ p: { x: [2 ** 30] } }, "float64")).toThrow(
      /8192 MiB of memory are not to be had.*engine js/,
    );
    const n = 2 ** 15;
    const session = engine.open({ p: { x: [n], y: [] } }, "float64");
    session.write("p", "x", [1, 2, 3]);
    const x = leaf("p", "x", [n]);
    const table = x.reshape([n, 1]).mul(x).softmax();
    const huge = program([{ arena: "p", name: "y", value: table.matmul(table).sum() }]);
    expect(() => session.load(huge)).toThrow(/\d+ MiB of memory are not to be had/);
    // What was there is still of use.
    session.load(program([{ arena: "p", name: "y", value: x.sum() }])).run(none);
    expect(session.read("p", "y")[0]).toBe(6);
    session.dispose();
  });

  it("keeps its methods when it is spread into another object", () => {
    const session = { ...wasm().open({ p: { x: [2] } }, "float32"), notes: ["one more"] };
    session.write("p", "x", [1, 2]);
    session.load(program([{ arena: "p", name: "x", value: leaf("p", "x", [2]).mul(2) }])).run(none);
    expect([...session.read("p")]).toEqual([2, 4]);
    session.dispose();
  });

  it("is of no use after dispose, and says so", () => {
    const session = wasm().open({ p: { x: [1] } }, "float32");
    const kernel = session.load(program([{ arena: "p", name: "x", value: leaf("p", "x", [1]).add(1) }]));
    session.dispose();
    expect(() => session.read("p")).toThrow(/disposed/);
    expect(() => session.load(program([]))).toThrow(/disposed/);
    expect(() => kernel.run(none)).toThrow(/disposed/);
  });

  it.each([1, 2])(
    "holds no memory after dispose, whoever keeps it or its kernels, with %i threads",
    async (threads) => {
      const session = sharing(threads, 100).open({ p: { x: [1000] } }, "float32");
      const x = leaf("p", "x", [1000]);
      const kernel = session.load(program([{ arena: "p", name: "x", value: x.add(1) }]));
      kernel.run(none);
      const memory = new WeakRef(session.view("p").buffer);
      session.dispose();
      setFlagsFromString("--expose-gc");
      const collect = runInNewContext("gc") as () => void;
      await vi.waitFor(() => {
        collect();
        expect(memory.deref() === undefined).toBe(true);
      });
      expect(() => kernel.run(none)).toThrow(/disposed/);
      expect(() => session.view("p")).toThrow(/disposed/);
    },
  );

  it("names the slots there are", () => {
    const session = wasm().open({ p: { x: [1], y: [2] } }, "float32");
    expect(() => session.read("p", "z")).toThrow(
      'There is no slot "p:z" in this session\'s memory; it has p:x, p:y.',
    );
  });

  it("runs what does not compile on js, and says so; without fallback that is an error", () => {
    // The key of random numbers must be one number for all of them.
    const layout = { p: { key: [], y: [4] } };
    const drawn = program([{ arena: "p", name: "y", value: random.uniform(leaf("p", "key", []), [4], 1) }]);
    const session = wasm().open(layout, "float32");
    session.write("p", "key", [9]);
    session.load(drawn).run(none);
    const expected = [0, 1, 2, 3].map((i) => uniform32(9, 1, i));
    expect([...session.read("p", "y")]).toEqual(expected);
    expect(session.notes).toEqual([expect.stringMatching(/could not compile.*js/)]);
    expect(() => wasm({ fallback: false }).open(layout, "float32").load(drawn)).toThrow(/key of random/);
  });

  it("computes on js with a note where a runtime forbids modules", () => {
    const { validate } = WebAssembly;
    WebAssembly.validate = () => false;
    try {
      const session = wasm().open({ p: { x: [1] } }, "float32");
      expect(session.notes[0]).toMatch(/engine js runs instead of wasm/);
      expect(() => wasm({ fallback: false }).open({ p: { x: [1] } }, "float32")).toThrow(/Use the engine js/);
    } finally {
      WebAssembly.validate = validate;
    }
  });

  it("keeps decaying state out of the subnormal numbers, and NaN in it", () => {
    const session = wasm().open({ "state.m": { w: [5] } }, "float32");
    session.write("state.m", "w", [2 ** -125, 1, Number.NaN, -(2 ** -126), Infinity]);
    const kernel = session.load(
      program([{ arena: "state.m", name: "w", value: leaf("state.m", "w", [5]).mul(0.5) }]),
    );
    kernel.run(none);
    expect([...session.read("state.m", "w")]).toEqual(
      [2 ** -126, 0.5, Number.NaN, -0, Infinity].map((x) => (x === 0 ? 0 : x)),
    );
  });

  it("says with relaxed SIMD that bits may differ, or that there is none", () => {
    const session = wasm({ relaxed: true }).open({ p: { a: [8, 8], y: [8, 8] } }, "float32");
    expect(session.notes).toHaveLength(1);
    expect(session.notes[0]).toMatch(/elaxed SIMD/);
    const a = leaf("p", "a", [8, 8]);
    session.write(
      "p",
      "a",
      Array.from({ length: 64 }, (_, i) => i % 3),
    );
    session.load(program([{ arena: "p", name: "y", value: a.matmul(a) }])).run(none);
    const row = (i: number, j: number) => (8 * i + j) % 3;
    const expected = Array.from({ length: 8 }, (_, l) => row(0, l) * row(l, 0)).reduce((x, y) => x + y, 0);
    expect(session.read("p", "y")[0]).toBe(expected);
  });

  it("allocates nothing in a run", () => {
    const session = wasm().open({ p: { w: [100] }, "state.m": { w: [100] } }, "float32");
    const w = leaf("p", "w", [100]);
    const m = leaf("state.m", "w", [100]).mul(0.9).add(w.mul(0.1));
    const rate = hostScalar("rate").mul(hostScalar("t").pow(-0.5));
    const writes = [
      { arena: "p", name: "w", value: w.sub(m.mul(rate)) },
      { arena: "state.m", name: "w", value: m },
    ];
    const kernel = session.load(program(writes, ["rate", "t"]));
    const scalars = Float64Array.of(0.1, 1);
    for (let i = 0; i < 20_000; i++) kernel.run(scalars);
    const taken = Array.from({ length: 5 }, () => {
      const before = process.memoryUsage().heapUsed;
      for (let i = 0; i < 10_000; i++) kernel.run(scalars);
      return process.memoryUsage().heapUsed - before;
    });
    // One number of 12 bytes a run would be 120 000. The runner takes some too, but not all the time.
    expect(Math.min(...taken.map(Math.abs))).toBeLessThan(20_000);
  });
});
