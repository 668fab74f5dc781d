import { adam } from "@downhill/optimizers";
import "@tensorflow/tfjs-backend-webgl";
import "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it, vi } from "vitest";
import { tfjs } from "../engine/tfjs.js";
import { tfOptimizer } from "../optimizer/tf-optimizer.js";

it.each(["webgl", "webgpu"])(
  "a page without the entry for %s is told which import it lacks",
  async (backend) => {
    await tf.setBackend(backend);
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const w = tf.variable(tf.tensor1d([1, 2]));
    const optimizer = tfOptimizer(adam({ learningRate: 0.5 }));
    for (let step = 0; step < 2; step++) optimizer.applyGradients({ [w.name]: tf.ones([2]) });
    const why = `import "@downhill/tfjs/${backend}" for kernels of our own`;
    expect(optimizer.fallback[w.name]).toEqual({ path: "plain", why });
    const said = warn.mock.calls
      .map(([message]) => String(message))
      .filter((message) => message.includes(why));
    expect(said).toEqual([`tfOptimizer: plain ops of TensorFlow.js make the updates: ${why}.`]);
    warn.mockRestore();
    for (const [i, x] of (await w.data()).entries()) expect(x).toBeCloseTo(i, 5);

    const session = await tfjs(backend).open({ x: { x: [1] } }, "float32");
    await session.load({ writes: [], hostScalars: [] });
    expect(session.notes).toEqual([`Plain ops of tfjs run this: ${why}.`]);
    session.dispose();
  },
);
