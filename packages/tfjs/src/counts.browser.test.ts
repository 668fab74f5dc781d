import { chain } from "@downhill/core";
import { adam, adamw, clipByGlobalNorm, lamb } from "@downhill/optimizers";
import "@tensorflow/tfjs-backend-webgl";
import "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { countGpuCalls } from "./gpu-calls.fixture.js";
import { tfOptimizer } from "./optimizer/tf-optimizer.js";
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
