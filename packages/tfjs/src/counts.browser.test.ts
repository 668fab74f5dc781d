import { chain, grad, type Tensor } from "@downhill/core";
import { leaf } from "@downhill/core/engine";
import { adam, adamw, clipByGlobalNorm, lamb } from "@downhill/optimizers";
import "@tensorflow/tfjs-backend-webgl";
import "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { tfjs } from "./engine/tfjs.js";
import { countGpuCalls } from "./gpu-calls.fixture.js";
import { tfOptimizer } from "./optimizer/tf-optimizer.js";
import "./webgl.js";
import "./webgpu.js";

const variables = 6;
const steps = 10;

/** Calls to the GPU in each of some steps of an optimizer, once all is compiled and on the device. */
async function callsPerStep(backend: string, optimizer: tf.Optimizer) {
  await tf.setBackend(backend);
  const list = Array.from({ length: variables }, (_, i) =>
    tf.tidy(() => tf.variable(tf.randomNormal([7 + i, 5], 0, 1, "float32", i))),
  );
  const gradients = Object.fromEntries(
    list.map((variable) => [variable.name, tf.randomNormal(variable.shape, 0, 1, "float32", 9)]),
  );
  for (let i = 0; i < 3; i++) optimizer.applyGradients(gradients);
  const tensors = tf.memory().numTensors;
  const calls = await countGpuCalls(() => {
    for (let i = 0; i < steps; i++) optimizer.applyGradients(gradients);
  });
  expect(tf.memory().numTensors).toBe(tensors);
  await list[0]!.data();
  optimizer.dispose();
  tf.dispose([list, gradients]);
  return {
    dispatches: calls.dispatches / steps,
    draws: calls.draws / steps,
    reads: calls.reads,
    submits: calls.submits / steps,
  };
}

describe("a step of Adam", () => {
  it("is half a dispatch for each variable on WebGPU, where tfjs makes 14", async () => {
    const ours = await callsPerStep("webgpu", tfOptimizer(adam()));
    expect(ours).toEqual({ dispatches: variables / 2, draws: 0, reads: 0, submits: 1 });
    const theirs = await callsPerStep("webgpu", tf.train.adam());
    expect(theirs.dispatches).toBe(14 * variables);
  });

  it("is a draw for each of the three tensors of a variable on WebGL, where tfjs makes over 22", async () => {
    const ours = await callsPerStep("webgl", tfOptimizer(adam()));
    expect(ours).toEqual({ dispatches: 0, draws: 3 * variables, reads: 0, submits: 0 });
    const theirs = await callsPerStep("webgl", tf.train.adam());
    expect(theirs.draws).toBeGreaterThanOrEqual(22 * variables);
  });
});

describe("reductions stay on the device", () => {
  it.each(["webgpu", "webgl"])("on %s", async (backend) => {
    for (const rule of [chain(clipByGlobalNorm(1), adamw()), lamb()]) {
      const { reads } = await callsPerStep(backend, tfOptimizer(rule));
      expect(reads).toBe(0);
    }
  });

  it("in three dispatches besides the updates, for a global norm", async () => {
    const { dispatches } = await callsPerStep("webgpu", tfOptimizer(chain(clipByGlobalNorm(1), adamw())));
    expect(dispatches).toBe(variables / 2 + 3);
  });
});

describe("a step of a program on the engine", () => {
  it.each(["webgpu", "webgl"])(
    "reads nothing back, but for the loss when it is asked for, on %s",
    async (backend) => {
      const shapes = { w: [6, 4], v: [4, 1] };
      const x = leaf("batch", "x", [8, 6]);
      const loss = ({ w, v }: Record<"w" | "v", Tensor>) => x.matmul(w).tanh().matmul(v).square().mean();
      const p = { w: leaf("parameter", "w", shapes.w), v: leaf("parameter", "v", shapes.v) };
      const gradient = grad(loss)(p);
      const norm = gradient.w.square().sum().add(gradient.v.square().sum()).sqrt();
      const layout = { parameter: shapes, batch: { x: [8, 6] }, output: { value: [], norm: [] } };
      const session = await tfjs(backend).open(layout, "float32");
      for (const [name, shape] of Object.entries(shapes)) {
        session.write(
          "parameter",
          name,
          Array.from({ length: shape[0]! * shape[1]! }, (_, i) => Math.sin(i + 1)),
        );
      }
      session.write(
        "batch",
        "x",
        Array.from({ length: 48 }, (_, i) => Math.cos(i)),
      );
      const step = await session.load({
        writes: [
          { arena: "parameter", name: "w", value: p.w.sub(gradient.w.mul(0.1)) },
          { arena: "parameter", name: "v", value: p.v.sub(gradient.v.mul(0.1)) },
          { arena: "output", name: "value", value: loss(p) },
          { arena: "output", name: "norm", value: norm },
        ],
        hostScalars: [],
      });
      const none = new Float64Array(0);
      await step.run(none);
      const [first] = await session.read("output");
      const running = await countGpuCalls(async () => {
        for (let i = 0; i < steps; i++) await step.run(none);
      });
      expect(running.reads).toBe(0);
      let last = Number.NaN;
      const reading = await countGpuCalls(async () => {
        last = (await session.read("output"))[0]!;
      });
      expect(reading.reads).toBe(1);
      expect(last).toBeLessThan(0.7 * first!);
      session.dispose();
    },
  );
});
