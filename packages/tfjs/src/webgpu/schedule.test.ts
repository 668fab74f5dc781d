import { grad, type Layout, type Program, updateProgram } from "@downhill/core";
import { compileProgram, hostScalar, leaf } from "@downhill/core/engine";
import { adam, catalogue } from "@downhill/optimizers";
import { randomRun } from "@downhill/testing";
import { describe, expect, it } from "vitest";
import { separateSlots } from "../update/separate-slots.js";
import { schedule } from "./schedule.js";
import { boundBy, shaderOf } from "./shader.js";
import { clash } from "./task.js";

const host = { count: 64, value: (index: number) => index, key: (index: number) => index };

function scheduled(update: { program: Program; layout: Layout }, limit = 8) {
  const { program, layout } = separateSlots(update);
  return schedule(compileProgram(program, layout, "float32"), limit);
}

const updates = [
  ...Object.entries(catalogue.rules).map(
    ([name, make]) => [name, updateProgram(make(), { w: [5, 3], b: [3], s: [] })] as const,
  ),
  ...[1, 46, 99].map((seed) => {
    const { layout, writes } = randomRun(seed);
    return [`random program ${seed}`, { layout, program: { writes, hostScalars: [] } }] as const;
  }),
];

describe.each(updates)("%s", (_, update) => {
  it.each([3, 4, 8])("binds at most %i buffers, and runs nothing beside what it waits for", (limit) => {
    const { memory, items } = scheduled(update, limit);
    for (const item of items) {
      if (item.kind !== "dispatch") continue;
      const { tasks } = item;
      expect(boundBy(tasks, memory)!.length).toBeLessThanOrEqual(limit);
      tasks.forEach((task, i) => {
        for (const other of tasks.slice(i + 1)) expect(clash(task.ranges, other.ranges)).toBe(false);
      });
      // Names each buffer that its code touches.
      expect(shaderOf(tasks, memory, host).groups).toBeGreaterThan(0);
    }
  });
});

describe("the update of many variables", () => {
  const shadersFor = (...sizes: number[]) => {
    const shapes = Object.fromEntries(sizes.map((n, i) => [`v${i}`, [n]]));
    const { memory, items } = scheduled(updateProgram(adam(), shapes));
    return items.map((item) => {
      if (item.kind !== "dispatch") throw new Error(`There is a ${item.kind} in an elementwise update.`);
      return shaderOf(item.tasks, memory, host);
    });
  };

  it.each([
    ["four elements at a time", [12, 200, 3000, 8, 64, 16], [2, 4, 2]],
    ["one by one where they are no whole vectors", [10, 201, 3001, 7, 65, 13], [2, 13, 2]],
  ] as const)("is one code for all, whatever their sizes: %s", (_, sizes, groups) => {
    const shaders = shadersFor(...sizes);
    expect(new Set(shaders.map(({ code }) => code)).size).toBe(1);
    expect(shaders.map((shader) => shader.groups)).toEqual(groups);
  });
});

describe("products", () => {
  const layer = (x: ReturnType<typeof leaf>) => x.matmul(leaf("p", "w", [4, 3])).tanh();
  const layout = { p: { w: [4, 3], v: [3, 2] }, x: { x: [5, 4] }, g: { w: [4, 3], v: [3, 2] } };

  it("take what kernels of ours computed, and give what those read, without copies", () => {
    const loss = ({ w, v }: { w: ReturnType<typeof leaf>; v: ReturnType<typeof leaf> }) =>
      leaf("x", "x", [5, 4]).matmul(w).tanh().matmul(v).square().mean();
    const p = { w: leaf("p", "w", [4, 3]), v: leaf("p", "v", [3, 2]) };
    const gradient = grad(loss)(p);
    const writes = (["w", "v"] as const).map((name) => ({ arena: "g", name, value: gradient[name]! }));
    const { memory, items } = scheduled({ layout, program: { writes, hostScalars: [] } });
    const products = items.filter((item) => item.kind === "product");
    expect(products.length).toBe(5);
    for (const { step } of products) {
      for (const { buffer } of [step.a, step.b, step.out]) expect(buffer).not.toBe(memory.workspace);
    }
    expect(items.filter((item) => item.kind === "copy")).toEqual([]);
  });

  it("get a copy of an operand that is neither contiguous nor transposed", () => {
    const value = layer(leaf("x", "x", [5, 4]).slice([1, 0], [3, 4])).mul(hostScalar("scale"));
    const { items } = scheduled({
      layout: { ...layout, y: { y: [3, 3] } },
      program: { writes: [{ arena: "y", name: "y", value }], hostScalars: ["scale"] },
    });
    expect(items.map(({ kind }) => kind)).toEqual(["dispatch", "product", "dispatch"]);
  });
});
