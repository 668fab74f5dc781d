import { describe, expect, it } from "vitest";
import { js } from "../engine/js/index.js";
import { leaf, type Tensor } from "../expr/tensor.js";
import { explain } from "./explain.js";
import type { Program } from "./program.js";
import { adamUpdate } from "./programs.fixture.js";

const layout = { p: { a: [4], b: [4], s: [], long: [6] } };
const a = leaf("p", "a", [4]);
const b = leaf("p", "b", [4]);
const s = leaf("p", "s", []);

const writing = (values: Readonly<Record<string, Tensor>>): Program => ({
  writes: Object.entries(values).map(([name, value]) => ({ arena: "p", name, value })),
  hostScalars: [],
});

/** Slots after one run from a = 1 2 3 4, b = 10 20 30 40, s = 5, long = 1 … 6. */
function run(values: Readonly<Record<string, Tensor>>): Record<string, number[]> {
  const session = js().open(layout, "float64");
  session.write("p", undefined, [1, 2, 3, 4, 10, 20, 30, 40, 5, 1, 2, 3, 4, 5, 6]);
  session.load(writing(values)).run(new Float64Array(0));
  return Object.fromEntries(Object.keys(layout.p).map((name) => [name, [...session.read("p", name)]]));
}

const scratchOf = (program: Program) =>
  explain(program, layout).buffers.find(({ name }) => name === "scratch")?.bytes ?? 0;

describe("writes in place", () => {
  it("all see the old values", () => {
    expect(run({ a: b, b: a })).toMatchObject({ a: [10, 20, 30, 40], b: [1, 2, 3, 4] });
    expect(run({ a: a.add(b), b: a.sub(b) })).toMatchObject({ a: [11, 22, 33, 44], b: [-9, -18, -27, -36] });
    expect(run({ s: a.sum(), a: a.mul(s) })).toMatchObject({ s: [10], a: [5, 10, 15, 20] });
  });

  it("may read what they overwrite at other places", () => {
    const reversed = leaf("p", "a", [4]).reshape([2, 2]).transpose().reshape([4]);
    expect(run({ a: reversed })).toMatchObject({ a: [1, 3, 2, 4] });
    const shifted = a.slice([1], [3]).pad([0], [1]);
    expect(run({ a: a.add(shifted) })).toMatchObject({ a: [3, 5, 7, 4] });
    expect(run({ a: a.sub(a.sum()) })).toMatchObject({ a: [-9, -8, -7, -6] });
    expect(run({ a: a.div(a.max().sub(b.min())) })).toMatchObject({ a: [1, 2, 3, 4].map((x) => x / -6) });
  });

  it("need no other memory where reader and writer share a loop", () => {
    expect(scratchOf(writing({ a: a.add(b), b: a.sub(b) }))).toBe(0);
    const { program, layout: whole } = adamUpdate({ w: [3, 4], v: [5] }, { clip: 1 });
    expect(explain(program, whole).buffers.map(({ name }) => name)).toEqual(["p", "g", "m", "v"]);
  });

  it("may be shorter than their slot, as leaves may", () => {
    const short = leaf("p", "long", [3]);
    expect(run({ long: short.mul(10) }).long).toEqual([10, 20, 30, 4, 5, 6]);
    expect(run({ a: leaf("p", "long", [4]).add(1) }).a).toEqual([2, 3, 4, 5]);
  });

  it("copy a value that two slots get, and one that is there already", () => {
    expect(run({ a: b.mul(2), long: b.mul(2).pad([0], [2]) })).toMatchObject({
      a: [20, 40, 60, 80],
      long: [20, 40, 60, 80, 0, 0],
    });
    expect(run({ a: b, b })).toMatchObject({ a: [10, 20, 30, 40], b: [10, 20, 30, 40] });
  });

  it("keep a placed value in its place, unless that place is in use", () => {
    const places = { p: { a: [4] }, g: { a: [4] }, out: { s: [] } };
    const x = leaf("p", "a", [4]);
    const g = x.mul(2);
    const norm = g.square().sum().sqrt();
    const program: Program = {
      writes: [{ arena: "p", name: "a", value: x.sub(g.div(norm)) }],
      hostScalars: [],
      placements: [{ arena: "g", name: "a", value: g }],
    };
    expect(explain(program, places).buffers.map(({ name }) => name)).toEqual(["p", "g", "out"]);
    expect(explain(program, places).kernels.map(({ writes }) => writes)).toEqual([["g"], ["p"]]);
    const old = leaf("g", "a", [4]);
    const busy: Program = {
      ...program,
      writes: [{ arena: "p", name: "a", value: x.sub(g.div(norm)).add(old.sum()) }],
    };
    const session = js().open(places, "float64");
    session.write("g", "a", [1, 2, 3, 4]);
    session.write("p", "a", [3, 0, 4, 0]);
    session.load(busy).run(new Float64Array(0));
    expect([...session.read("g", "a")]).toEqual([1, 2, 3, 4]);
    expect([...session.read("p", "a")]).toEqual([12.4, 10, 13.2, 10]);
  });
});
