import { describe, expect, it } from "vitest";
import { growth } from "../cpu-time.fixture.js";
import { chainTotals, mergeNeighbours } from "./merge.js";
import type { Access, LoopStep, Step } from "./plan.js";

const access = (buffer: number, offset: number, stride = 1): Access => ({
  buffer,
  offset,
  strides: [stride],
});

/** to[i] = factor · from[i] for `length` elements. */
function scale(from: Access, to: Access, length: number, factor = 2): LoopStep {
  return {
    kind: "loops",
    rows: [],
    segments: [
      {
        inner: [length],
        body: [
          { op: "load", access: from },
          { op: "constant", value: factor },
          { op: "mul", inputs: [0, 1] },
        ],
        stores: [{ value: 2, access: to }],
        totals: [],
      },
    ],
  };
}

/** scalar = Σ from[i]. */
function total(from: Access, length: number, scalar: number): LoopStep {
  return {
    kind: "loops",
    rows: [],
    segments: [
      {
        inner: [length],
        body: [
          { op: "load", access: from },
          { op: "reduce", by: "sum", inputs: [0], axes: [0] },
        ],
        stores: [],
        totals: [{ value: 1, scalar, add: false }],
      },
    ],
  };
}

const lengths = (steps: readonly Step[]) =>
  steps.map((step) => (step.kind === "loops" ? step.segments[0]!.inner[0] : step.kind));

describe("loops over neighbouring memory", () => {
  const parts = [scale(access(0, 10), access(1, 10), 5), scale(access(0, 0), access(1, 0), 10)];

  it("become one, in any order", () => {
    const [one, ...others] = mergeNeighbours([...parts, scale(access(0, 15), access(1, 15), 3)]);
    expect(others).toEqual([]);
    expect(one).toEqual(scale(access(0, 0), access(1, 0), 18));
  });

  it("take a single element in, whatever its strides", () => {
    const single: LoopStep = scale(access(0, 15), access(1, 15), 1);
    const [segment] = single.segments;
    const bare = {
      ...segment!,
      inner: [],
      body: segment!.body.map((x) => (x.op === "load" ? { ...x, access: { ...x.access, strides: [] } } : x)),
    };
    const stores = segment!.stores.map((store) => ({ ...store, access: { ...store.access, strides: [] } }));
    expect(lengths(mergeNeighbours([...parts, { ...single, segments: [{ ...bare, stores }] }]))).toEqual([
      16,
    ]);
  });

  it.each([
    ["numbers differ", scale(access(0, 15), access(1, 15), 3, 4)],
    ["there is a gap", scale(access(0, 16), access(1, 16), 3)],
    ["what they read is not side by side", scale(access(0, 20), access(1, 15), 3)],
    ["a stride differs", scale(access(0, 15, 2), access(1, 15), 3)],
  ])("stay apart where %s", (_, other) => {
    expect(mergeNeighbours([parts[1]!, parts[0]!, other])).toHaveLength(2);
  });

  it.each([
    ["alike", (_: number) => 2],
    ["that all differ", (i: number) => i],
  ])("are looked for among thousands of loops %s, each pair at most once", (_, factor) => {
    const merge = (count: number) => {
      const apart = Array.from({ length: count }, (_, i) =>
        scale(access(0, 3 * i), access(1, 3 * i), 2, factor(i)),
      );
      const last = scale(access(0, 3 * count - 1), access(1, 3 * count - 1), 1, factor(count - 1));
      expect(mergeNeighbours([...apart, last])).toHaveLength(count);
    };
    // 16 were each pair looked at, 64 were all pairs looked at for each loop.
    expect(growth(merge, 750)).toBeLessThan(30);
  });

  it("stay apart where a step between needs what the first writes", () => {
    const reader = scale(access(1, 12), access(2, 0), 1, 7);
    expect(lengths(mergeNeighbours([parts[0]!, reader, parts[1]!]))).toEqual([5, 1, 10]);
    const elsewhere = scale(access(1, 30), access(2, 0), 1, 7);
    expect(lengths(mergeNeighbours([parts[0]!, elsewhere, parts[1]!]))).toEqual([1, 15]);
  });

  it("stay apart where a step between writes what the first reads", () => {
    const writer = scale(access(2, 0), access(0, 14), 1, 7);
    expect(lengths(mergeNeighbours([parts[0]!, writer, parts[1]!]))).toEqual([5, 1, 10]);
  });

  it("stay apart where a scalar between them is made of the first one's sum", () => {
    const sums = [total(access(0, 0), 4, 3), total(access(0, 4), 6, 3)];
    const reader: Step = {
      kind: "scalars",
      body: [{ scalar: 4, instruction: { op: "neg", inputs: [3] } }],
      stores: [],
    };
    expect(lengths(mergeNeighbours([sums[0]!, reader, sums[1]!]))).toEqual([4, "scalars", 6]);
    expect(lengths(mergeNeighbours([...sums, reader]))).toEqual([10, "scalars"]);
    expect(mergeNeighbours([sums[0]!, total(access(0, 4), 6, 5)])).toHaveLength(2);
  });

  it("add to one scalar where they cannot be one", () => {
    const steps = chainTotals([
      total(access(0, 0), 4, 3),
      total(access(1, 0), 4, 3),
      total(access(1, 4), 4, 5),
    ]);
    expect(steps.map((step) => step.kind === "loops" && step.segments[0]!.totals[0]!.add)).toEqual([
      false,
      true,
      false,
    ]);
  });
});
