import { describe, expect, it } from "vitest";
import { js } from "../engine/js/index.js";
import { seeded } from "../engine/random-program.fixture.js";
import { reference } from "../engine/reference.js";
import { leaf, type Tensor } from "../expr/tensor.js";
import { gradients } from "../gradient/reverse.js";
import { explain } from "./explain.js";
import type { Layout, Program } from "./program.js";
import { net } from "./programs.fixture.js";

interface Case {
  readonly layout: Layout;
  readonly program: Program;
}

/** Slots and what is written to them; inputs first. */
function program(
  slots: Readonly<Record<string, readonly number[]>>,
  values: Readonly<Record<string, Tensor>>,
): Case {
  const writes = Object.entries(values).map(([name, value]) => ({ arena: "x", name, value }));
  return { layout: { x: slots }, program: { writes, hostScalars: [] } };
}

/** The largest difference between what js and the interpreter leave in memory. */
function difference({ layout, program }: Case): number {
  const [actual, expected] = [js(), reference()].map((engine) => {
    const session = engine.open(layout, "float64");
    const next = seeded(7);
    for (const arena of Object.keys(layout))
      session.write(
        arena,
        undefined,
        session.read(arena).map(() => next() - 0.5),
      );
    session.load(program).run(Float64Array.of(0.1, 1));
    return Object.keys(layout).flatMap((arena) => [...session.read(arena)]);
  });
  return Math.max(...actual!.map((x, i) => Math.abs(x - expected![i]!)));
}

describe("row programs", () => {
  const [rows, classes] = [12, 9];
  const x = leaf("x", "x", [rows, classes]);
  const y = leaf("x", "y", [rows, classes]);

  it("compute softmax cross-entropy and its gradient in one kernel", () => {
    const loss = x.logSoftmax().mul(y).sum(-1).mean().neg();
    const [g] = gradients(loss, [x]);
    const one = program(
      { x: [rows, classes], y: [rows, classes], loss: [], g: [rows, classes] },
      { loss, g: g! },
    );
    const { kernels, buffers } = explain(one.program, one.layout, "float64");
    expect(kernels).toHaveLength(1);
    expect(kernels[0]).toMatchObject({ kind: "rows" });
    // What one row hands from loop to loop is kept for one row only.
    expect(buffers.find(({ name }) => name === "scratch")!.bytes).toBeLessThan(8 * rows * classes);
    expect(difference(one)).toBeLessThan(1e-14);
  });

  it("normalise layers forward and backward in one kernel", () => {
    const centered = x.sub(x.mean(-1, { keepDims: true }));
    const out = centered.div(centered.square().mean(-1, { keepDims: true }).add(1e-5).sqrt());
    const [g] = gradients(out.mul(y).sum(), [x]);
    const one = program(
      { x: [rows, classes], y: [rows, classes], out: [rows, classes], g: [rows, classes] },
      { out, g: g! },
    );
    expect(explain(one.program, one.layout).kernels).toHaveLength(1);
    expect(difference(one)).toBeLessThan(1e-12);
  });

  it("compute a regression's loss and gradient in a single pass over its table", () => {
    const table = leaf("x", "x", [50, 16]);
    const w = leaf("x", "w", [16]);
    const b = leaf("x", "b", []);
    const error = table
      .matmul(w)
      .add(b)
      .sub(leaf("x", "y", [50]));
    const loss = error.square().mean();
    const [gw, gb] = gradients(loss, [w, b]);
    const one = program(
      { x: [50, 16], w: [16], b: [], y: [50], loss: [], gw: [16], gb: [] },
      { loss, gw: gw!, gb: gb! },
    );
    const { kernels } = explain(one.program, one.layout, "float64");
    expect(kernels).toHaveLength(1);
    expect(kernels[0]!.bytesRead).toBe(8 * (50 * 16 + 16 + 1 + 50));
    expect(difference(one)).toBeLessThan(1e-14);
  });

  it("do not use a sum over the rows within them", () => {
    const scaled = x.div(x.square().sum(0).add(1).sqrt());
    const one = program(
      { x: [rows, classes], out: [rows, classes], peaks: [rows] },
      { out: scaled, peaks: scaled.max(-1) },
    );
    expect(explain(one.program, one.layout).kernels.length).toBeGreaterThan(1);
    expect(difference(one)).toBeLessThan(1e-14);
  });

  it("keep apart what needs another row", () => {
    const total = x.sum(-1);
    const previous = total.slice([0], [rows - 1]).pad([1], [0]);
    const out = x.mul(previous.reshape([rows, 1]));
    const one = program({ x: [rows, classes], out: [rows, classes] }, { out });
    expect(difference(one)).toBeLessThan(1e-14);
  });

  it.each([
    ["over the last of three axes", (t: Tensor) => t.softmax(-1)],
    ["over the middle axis", (t: Tensor) => t.softmax(1)],
    ["over the first axis", (t: Tensor) => t.softmax(0)],
    [
      "over two axes, one after the other",
      (t: Tensor) =>
        t
          .sub(t.max(2, { keepDims: true }))
          .exp()
          .sum([1, 2])
          .log(),
    ],
  ])("agree with the interpreter %s", (_, f) => {
    const t = leaf("x", "t", [4, 5, 6]);
    const value = f(t);
    expect(difference(program({ t: [4, 5, 6], out: value.shape }, { out: value }))).toBeLessThan(1e-14);
  });

  it.each([
    [[2, 8, 2], "cross-entropy"],
    [[13, 32, 1], "squares"],
    [[5, 7, 6, 3], "cross-entropy"],
  ] as const)("train the net %s as the interpreter does", (sizes, loss) => {
    const { layout, program: step } = net(sizes, 32, loss, true);
    // Adam makes 1 of the smallest gradient: what it must agree on are value, norm and gradients.
    const writes = step.writes.filter(({ arena }) => arena === "out");
    const gradients = step.placements!.map(({ name, value }) => ({ arena: "g", name, value }));
    expect(difference({ layout, program: { ...step, writes: [...writes, ...gradients] } })).toBeLessThan(
      1e-13,
    );
  });
});
