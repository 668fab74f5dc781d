import type { Engine, Layout, Program, Tensor } from "@downhill/core";
import { compileProgram, gradients, leaf, openReference } from "@downhill/core/engine";
import { describe, expect, it } from "vitest";
import { recomputeOneHot } from "../recompute.js";
import { wasm } from "../wasm.js";
import { splitSpot } from "./spot.js";

const [ROWS, LENGTH] = [9, 131];
const classes = [0, 130, 131, -1, 1.5, Number.NaN, -0, 128, 64];
const layout: Layout = {
  input: { x: [ROWS, LENGTH], y: [ROWS] },
  output: { a: [ROWS, LENGTH], b: [ROWS, LENGTH], s: [ROWS], t: [ROWS] },
};
const x = leaf("input", "x", [ROWS, LENGTH]);
const y = leaf("input", "y", [ROWS]);
const hot = y.oneHot(LENGTH);

const programOf = (outputs: Readonly<Record<string, Tensor>>): Program => ({
  writes: Object.entries(outputs).map(([name, value]) => ({ arena: "output", name, value })),
  hostScalars: [],
});
const numbers = Float64Array.from({ length: ROWS * LENGTH }, (_, i) => Math.sin(i) * 5);

function run(open: Engine<"sync">["open"], program: Program) {
  const session = open(layout, "float64");
  session.write("input", "x", numbers);
  session.write("input", "y", classes);
  session.load(program).run(new Float64Array(0));
  return session.read("output");
}

/** The number of segments with a place apart. */
function places(program: Program): number {
  const { steps } = recomputeOneHot(compileProgram(program, layout, "float64"));
  let count = 0;
  for (const step of steps) {
    if (step.kind !== "loops") continue;
    const body = step.segments.flatMap((segment) => segment.body);
    let first = 0;
    for (const segment of step.segments) {
      if (splitSpot(step, segment, first, body)) count++;
      first += segment.body.length;
    }
  }
  return count;
}

const z = x.sub(x.max(1, { keepDims: true }).stopGradient());
const loss = z.exp().sum(1).log().sub(hot.where(z, 0).sum(1));

describe("one-hot rows", () => {
  it.each([
    ["picked by a class", 1, { s: hot.where(z, 0).sum(1), t: z.sum(1) }],
    ["scaled by a number of the row", 1, { a: hot.mul(x.sum(1, { keepDims: true })).add(x) }],
    ["chosen by", 1, { a: hot.where(z.square(), z.neg()) }],
    ["added and multiplied", 1, { a: hot.add(z.mul(0)), b: z.mul(hot) }],
    ["in softmax cross-entropy with its gradient", 2, { s: loss, a: gradients(loss.sum(), [x])[0]! }],
    ["multiplied and summed", 0, { s: hot.mul(x).sum(1) }],
    ["compared with more than their row's number", 0, { a: hot.mul(x), s: hot.where(x, 1).sum(1) }],
  ])("%s give what the reference gives, whatever the class", (_, count, outputs) => {
    const program = programOf(outputs as Readonly<Record<string, Tensor>>);
    expect(places(program)).toBe(count);
    const actual = run(wasm({ fallback: false, threads: 1 }).open, program);
    const expected = run(openReference, program);
    expect(actual.length).toBe(expected.length);
    actual.forEach((value, i) => {
      if (Number.isFinite(expected[i]!)) expect(Math.abs(value - expected[i]!), `${i}`).toBeLessThan(1e-12);
      else expect(value, `${i}`).toBe(expected[i]);
    });
  });
});
