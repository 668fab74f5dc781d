import { js } from "@downhill/core";
import "@tensorflow/tfjs-backend-webgl";
import "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import "../webgl.js";
import "../webgpu.js";
import { describe, expect, it } from "vitest";
import { tfjs } from "./tfjs.js";
import { trainNet } from "./train.fixture.js";

describe.each(["webgl", "webgpu"])("train on %s", (backend) => {
  it("goes the way of the engine js, and leaves no tensors", async () => {
    await tf.setBackend(backend);
    const before = tf.memory().numTensors;
    const [expected, made] = [await trainNet(js()), await trainNet(tfjs(backend))];
    expect(tf.memory().numTensors).toBe(before);
    expect(made.losses.at(-1)).toBeLessThan(0.5 * made.losses[0]!);
    made.losses.forEach((loss, epoch) => expect(loss / expected.losses[epoch]!).toBeCloseTo(1, 4));
    expected.parameters.forEach((x, i) => expect(Math.abs(made.parameters[i]! - x)).toBeLessThan(1e-3));
  }, 60_000);
});
