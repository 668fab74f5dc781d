import { random, type Tensor } from "@downhill/core";
import { compileProgram, leaf } from "@downhill/core/engine";
import { agreement, engineSuite, evaluation, type Run } from "@downhill/testing";
import { describe, expect, it } from "vitest";
import { sharing } from "./sharing.fixture.js";
import { type Job, splitPlan } from "./split-plan.js";

describe("all of the engine suite in the smallest parts", () => {
  it.each(engineSuite.map((check) => [check.title, check] as const))("%s", async (_, check) => {
    await check.run(sharing(1, 1));
  });
});

/** An expression of tensors named by their letters, and their shapes. */
function run(
  shapes: Readonly<Record<string, readonly number[]>>,
  y: (x: Record<string, Tensor>) => Tensor,
): Run {
  const numbers = (shape: readonly number[], seed: number) =>
    Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i + seed));
  const map = <V>(f: (shape: readonly number[], name: string, i: number) => V) =>
    Object.fromEntries(Object.entries(shapes).map(([name, shape], i) => [name, f(shape, name, i)]));
  return evaluation(
    map((shape, _, i) => numbers(shape, i)),
    shapes,
    y(map((shape, name) => leaf("input", name, shape))),
  );
}

const GRAIN = 1000;

/** The first job that is split. */
function jobOf({ writes, layout }: Run): Job | undefined {
  const plan = compileProgram({ writes, hostScalars: [] }, layout, "float32");
  return splitPlan(plan, GRAIN).jobs.find(({ parts }) => parts > 1);
}

const product = ({ a, b }: Record<string, Tensor>) => a!.matmul(b!);
const ofTransposed = ({ a, b }: Record<string, Tensor>) => a!.transpose().matmul(b!);

describe("large steps are split, whoever runs the parts:", () => {
  it.each([
    ["a product by columns", run({ a: [9, 30], b: [30, 70] }, product), { batch: [4], m: 9, n: 16, k: 30 }],
    [
      "a product by rows",
      run({ a: [30, 203], b: [30, 9] }, ofTransposed),
      { batch: [2], m: 96, n: 9, k: 30 },
    ],
    ["a product by terms", run({ a: [3, 9001], b: [9001, 4] }, product), { batch: [10], m: 3, n: 4, k: 896 }],
    [
      "products by their batch",
      run({ a: [7, 9, 20], b: [7, 20, 5] }, product),
      { batch: [6, 1], m: 9, n: 5 },
    ],
  ])("%s", async (title, made, step) => {
    expect(jobOf(made)?.step).toMatchObject(step);
    await agreement(title, () => made).run(sharing(2, GRAIN));
  });

  const x = { x: [2051] };
  const table = { x: [70, 33] };
  it.each([
    ["an elementwise kernel", run(x, ({ x }) => x!.exp().add(1)), [16, 128]],
    ["a sum", run(x, ({ x }) => x!.square().sum()), [6, 320]],
    ["a greatest number", run(x, ({ x }) => x!.max()), [4, 512]],
    ["sums of rows", run(table, ({ x }) => x!.square().sum(1)), [8, 8, 33]],
    ["sums of columns", run(table, ({ x }) => x!.square().mul(x!).sum(0)), [10, 7, 33]],
    ["rows with what they hand on", run(table, ({ x }) => x!.softmax()), [34, 2, 33]],
    ["rows with their sum", run(table, ({ x }) => x!.logSoftmax().square().mean()), [34, 2, 33]],
    ["random numbers", run({ x: [] }, ({ x }) => random.uniform(7, [40, 60], 3).mul(x!)), [18, 128]],
  ])("%s", async (title, made, lengths) => {
    const step = jobOf(made)?.step;
    expect(step?.kind === "loops" && [...step.rows, ...step.segments[0]!.inner]).toEqual(lengths);
    await agreement(title, () => made).run(sharing(2, GRAIN));
  });

  it("small ones are not", () => {
    expect(jobOf(run({ x: [100] }, ({ x }) => x!.exp()))).toBeUndefined();
    expect(jobOf(run({ a: [9, 10], b: [10, 9] }, product))).toBeUndefined();
  });
});
