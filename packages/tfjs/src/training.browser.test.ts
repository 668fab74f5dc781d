import { chain } from "@downhill/core";
import { adamw, clipByGlobalNorm, cosine, warmup } from "@downhill/optimizers";
import "@tensorflow/tfjs-backend-webgl";
import "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import { describe, expect, it } from "vitest";
import { nets, trainOnDigits } from "./digits.fixture.js";
import { tfOptimizer } from "./optimizer/tf-optimizer.js";
import "./webgl.js";
import "./webgpu.js";

describe.each(["webgl", "webgpu"])("on %s", (backend) => {
  it.each(Object.entries(nets))(
    "a %s net learns the digits with the drop-in, by kernels of ours",
    async (_, make) => {
      await tf.setBackend(backend);
      const before = tf.memory().numTensors;
      const optimizer = tfOptimizer(
        chain(clipByGlobalNorm(1), adamw({ learningRate: warmup(10, cosine(0.02, { steps: 90 })) })),
      );
      expect(await trainOnDigits(make, optimizer, 4)).toBeGreaterThan(0.9);
      expect(new Set(Object.values(optimizer.fallback).map(({ path }) => path))).toEqual(new Set([backend]));
      optimizer.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
    60_000,
  );
});
