import { registerUpdatePath } from "./update/paths.js";
import { wasmPath } from "./update/wasm.js";

// Updates on the wasm backend run on its own heap once this module has been imported.
registerUpdatePath("wasm", wasmPath);
