import { chain } from "@downhill/core";
import { adamw, clipByGlobalNorm, cosine, warmup } from "@downhill/optimizers";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { backends } from "./backends.fixture.js";
import { nets, trainOnDigits } from "./digits.fixture.js";
import { tfOptimizer } from "./optimizer/tf-optimizer.js";
import "./wasm-kernels.js";

describe.each(backends.filter((backend) => backend !== "other"))("on %s", (backend) => {
  it.each(Object.entries(nets))(
    "a %s net learns the digits",
    async (_, make) => {
      await tf.setBackend(backend);
      const before = tf.memory().numTensors;
      const optimizer = tfOptimizer(
        chain(clipByGlobalNorm(1), adamw({ learningRate: warmup(10, cosine(0.02, { steps: 90 })) })),
      );
      expect(await trainOnDigits(make, optimizer, 4)).toBeGreaterThan(0.9);
      optimizer.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
    60_000,
  );
});
