import { library } from "../../tsup.shared.ts";

export default library({
  index: "src/index.ts",
  optimizers: "src/optimizers.ts",
  wasm: "src/wasm.ts",
  webgpu: "src/webgpu.ts",
  "wasm-kernels": "src/wasm-kernels.ts",
});
