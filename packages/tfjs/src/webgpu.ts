import { registerUpdatePath } from "./update/paths.js";
import { webgpuPath } from "./update/webgpu.js";

// Kernels of our own on the webgpu backend's device once this module has been imported.
registerUpdatePath("webgpu", webgpuPath);
