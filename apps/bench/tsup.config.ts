import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    "participants/downhill": "src/participants/downhill.ts",
    "participants/loop": "src/participants/loop.ts",
    "participants/tfjs": "src/participants/tfjs.ts",
    gpu: "src/gpu.ts",
    "participants/tfjs-webgpu": "src/participants/tfjs-webgpu.ts",
    "participants/machine": "src/participants/machine.ts",
    "participants/jax": "src/participants/jax.ts",
  },
  format: "esm",
  target: "node20",
  removeNodeProtocol: false,
  sourcemap: true,
  clean: true,
});
