import type { Case } from "./cases.js";
import { onWebGpu } from "./child.js";
import { sayCounts } from "./gpu-counts.js";
import { measure, type Row } from "./measure.js";
import { table } from "./table.js";

// tfjs on WebGPU with our optimizer beside tfjs with its own, on the GPU of this machine: what `tools/pack-gpu.mjs` packs.

const apply = (tensors: number, length: number): Case => ({
  part: "tfjs",
  name: `applyGradients, adam, ${tensors * length} parameters in ${tensors}`,
  spec: { kind: "apply", rule: "adam", tensors, length },
  tolerance: 1e-4,
});
const step = (sizes: readonly number[], batch: number): Case => ({
  part: "tfjs",
  name: `training step ${sizes.join("-")}, batch ${batch}`,
  spec: { kind: "step", sizes, classes: true, batch },
  tolerance: 1e-3,
});
const cases = [
  ...[apply(1, 1 << 10), apply(1, 1 << 20), apply(1, 1 << 24), apply(20, 50), apply(100, 10_000)],
  ...[step([784, 128, 10], 32), step([784, 1024, 1024, 10], 256)],
];

const ours = onWebGpu("drop-in-webgpu", "drop-in");
const theirs = onWebGpu("tfjs-webgpu");
const rows: Row[] = [];
for (const at of cases) {
  const measured = await measure(at, [ours], [theirs]);
  if (measured.length === 0) {
    console.error(
      "There is no WebGPU adapter here: is a Vulkan driver installed (vulkaninfo), and libvulkan.so.1?",
    );
    process.exitCode = 1;
    break;
  }
  rows.push(...measured);
  console.log(table(measured));
  await sayCounts([ours, theirs]);
}
for (const child of [ours, theirs]) child.end();
if (rows.some(({ correct }) => !correct)) process.exitCode = 1;
