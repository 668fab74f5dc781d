import { library } from "../../tsup.shared.ts";
import { minifyShaders } from "./minify-shaders.ts";

export default library(
  {
    index: "src/index.ts",
    optimizers: "src/optimizers.ts",
    wasm: "src/wasm.ts",
    webgl: "src/webgl.ts",
    webgpu: "src/webgpu.ts",
    "wasm-kernels": "src/wasm-kernels.ts",
  },
  [minifyShaders],
);
