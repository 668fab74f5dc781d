import { type Program, random } from "@downhill/core";
import { hostScalar, leaf, uniform32 } from "@downhill/core/engine";
import { describe, expect, it } from "vitest";
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

  it("holds more than 2 GiB and computes beyond them", () => {
    const n = 140 * 2 ** 20;
    const session = wasm({ fallback: false }).open({ low: { x: [n] }, high: { y: [n], z: [5] } }, "float64");
    session.view("high", "z").set([1, 2, 3, 4, 5]);
    session.view("high", "y")[n - 1] = 7;
    const end = leaf("high", "z", [5]);
    session.load(program([{ arena: "high", name: "z", value: end.mul(2) }])).run(none);
    expect([...session.read("high", "z")]).toEqual([2, 4, 6, 8, 10]);
    expect(session.view("high", "y")[n - 1]).toBe(7);
    session.dispose();
  });

  it("says what to do where memory is not to be had", () => {
    expect(() => wasm().open({ p: { x: [2 ** 30] } }, "float64")).toThrow(
      /8192 MiB of memory are not to be had.*engine js/,
    );
  });

  it("is of no use after dispose, and says so", () => {
    const session = wasm().open({ p: { x: [1] } }, "float32");
    session.dispose();
    expect(() => session.read("p")).toThrow(/disposed/);
  });

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
    if (session.notes.length > 0) {
      expect(session.notes[0]).toMatch(/could not compile.*js/);
      expect(() => wasm({ fallback: false }).open(layout, "float32").load(drawn)).toThrow();
    }
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
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 10_000; i++) kernel.run(scalars);
    // One number of 12 bytes a run would be 120 000; the measurement itself and the runner's timers take some.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(60_000);
  });
});
