/// <reference types="vite/client" />
import { adam } from "@downhill/optimizers";
import {
  type BackendWasm,
  getThreadsCount,
  setThreadsCount,
  setWasmPaths,
} from "@tensorflow/tfjs-backend-wasm";
import binary from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { tfOptimizer } from "../optimizer/tf-optimizer.js";
import "../wasm.js";

it("updates are in place on the heap that the wasm backend's threads share", async () => {
  // The backend takes half of the cores at most.
  Object.defineProperty(navigator, "hardwareConcurrency", { value: 4 });
  setWasmPaths({
    "tfjs-backend-wasm.wasm": "not this one",
    "tfjs-backend-wasm-simd.wasm": "not this one",
    "tfjs-backend-wasm-threaded-simd.wasm": binary,
  });
  setThreadsCount(2);
  await tf.setBackend("wasm");
  const size = 128;
  const w = tf.variable(tf.fill([size, size], 3));
  const x = tf.fill([size, size], 1 / size);
  const product = () => tf.tidy(() => tf.matMul(x, w).dataSync());
  expect(product()[0]).toBeCloseTo(3, 5);
  expect(getThreadsCount()).toBe(2);
  const { HEAPU8 } = (tf.backend() as BackendWasm).wasm as unknown as { HEAPU8: Uint8Array };
  expect(HEAPU8.buffer).toBeInstanceOf(SharedArrayBuffer);

  const optimizer = tfOptimizer(adam({ learningRate: 0.5 }));
  for (let step = 0; step < 3; step++) optimizer.applyGradients({ [w.name]: tf.ones([size, size]) });
  expect(optimizer.fallback[w.name]!.path).toBe("wasm");
  for (const value of product()) expect(value).toBeCloseTo(1.5, 5);
});
