import { describe, expect, it } from "vitest";
import { hostScalar, leaf } from "../expr/tensor.js";
import { explain } from "./explain.js";
import { formatExplanation } from "./format-explanation.js";
import { adamUpdate, net, trainingStep } from "./programs.fixture.js";

const ten = {
  w0: [20, 30],
  b0: [30],
  w1: [30, 30],
  b1: [30],
  scale: [],
  w2: [30, 1],
  b2: [1],
  kernel: [3, 4, 5],
  w3: [7, 7],
  b3: [7],
};
const size = 20 * 30 + 30 + 30 * 30 + 30 + 1 + 30 + 1 + 60 + 49 + 7;

describe("explain", () => {
  it("shows Adam over ten tensors as one kernel that reads p, g, m, v and writes p, m, v once", () => {
    const { program, layout } = adamUpdate(ten);
    const { kernels, bytesRead, bytesWritten } = explain(program, layout);
    expect(kernels).toHaveLength(1);
    expect(kernels[0]).toMatchObject({ kind: "elementwise", shape: `[${size}]` });
    expect([bytesRead, bytesWritten]).toEqual([4 * 4 * size, 3 * 4 * size]);
    expect(explain(program, layout, "float64").bytesRead).toBe(8 * 4 * size);
  });

  it("shows clipping by the global norm with AdamW as one reduction and one kernel", () => {
    const { program, layout } = adamUpdate(ten, { clip: 1, decay: 0.01 });
    const { kernels } = explain(program, layout);
    expect(kernels.map(({ kind }) => kind)).toEqual(["reduction", "elementwise"]);
    expect(kernels[0]).toMatchObject({
      bytesRead: 4 * size,
      bytesWritten: 0,
      flops: 2 * size,
      reads: ["g"],
      writes: [],
    });
    expect(kernels[1]).toMatchObject({
      bytesRead: 16 * size,
      bytesWritten: 12 * size,
      writes: ["m", "v", "p"],
    });
  });

  it("keeps both kernels when the gradients are computed in the same program", () => {
    const shapes = { w: [5, 3], b: [3], c: [] };
    const { program, layout } = trainingStep(
      shapes,
      { x: [8, 5], y: [8, 3] },
      (p, { x, y }) => x!.matmul(p.w!).add(p.b!).mul(p.c!).sub(y!).square().mean(),
      { clip: 1 },
    );
    const { kernels } = explain(program, layout);
    expect(kernels.slice(-2)).toMatchObject([
      { kind: "reduction", reads: ["g"], shape: "[19]" },
      { kind: "elementwise", shape: "[19]" },
    ]);
  });

  it("counts a training step's products, row program and update", () => {
    const { program, layout } = net([64, 32, 10], 16, "cross-entropy");
    const { kernels, flops } = explain(program, layout);
    expect(kernels.map(({ kind }) => kind)).toEqual([
      "matmul",
      "elementwise",
      "matmul",
      "rows",
      "matmul",
      "matmul",
      "reduction",
      "matmul",
      "elementwise",
    ]);
    const products = 2 * 16 * (2 * 64 * 32 + 3 * 32 * 10);
    expect(flops).toBeGreaterThan(products);
    expect(flops).toBeLessThan(1.5 * products);
  });

  it("counts a broadcast operand once and what does not depend on an axis not along it", () => {
    const layout = { x: { a: [100, 7], b: [7], out: [100, 7] } };
    const value = leaf("x", "a", [100, 7]).add(leaf("x", "b", [7]).exp());
    const { kernels } = explain(
      { writes: [{ arena: "x", name: "out", value }], hostScalars: [] },
      layout,
      "float64",
    );
    expect(kernels.at(-1)!.bytesRead).toBe(8 * 707);
    expect(kernels.reduce((sum, kernel) => sum + kernel.flops, 0)).toBe(707);
  });

  it("has no kernel where only scalars are computed", () => {
    const layout = { x: { a: [], b: [] } };
    const value = leaf("x", "a", []).mul(hostScalar("rate"));
    const program = { writes: [{ arena: "x", name: "b", value }], hostScalars: ["rate"] };
    expect(explain(program, layout)).toMatchObject({ kernels: [], bytesRead: 0, flops: 0 });
  });

  it("reads as a table", () => {
    const { program, layout } = adamUpdate({ w: [100, 100], b: [100] });
    expect(formatExplanation(explain(program, layout))).toBe(
      [
        "#  kernel       shape     read B  written B    flops  memory",
        "1  elementwise  [10100]  161 600    121 200  131 300  m g v p → m v p",
        "   total                 161 600    121 200  131 300",
        "",
        "float32; 1 kernel, 11 values on the host, 0 scalars on the device",
        "memory: p 40 400 B, g 40 400 B, m 40 400 B, v 40 400 B",
      ].join("\n"),
    );
  });
});
