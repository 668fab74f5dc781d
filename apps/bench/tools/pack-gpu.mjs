// Packs the benchmark on WebGPU with all that it needs but Node and a Vulkan driver into a folder, for a machine with a
// GPU and without a network: node tools/pack-gpu.mjs FOLDER, then, over there, node FOLDER/gpu.js.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const folder = process.argv[2];
if (!folder) {
  console.error("Where to? node tools/pack-gpu.mjs FOLDER");
  process.exit(2);
}
const here = dirname(import.meta.dirname);
await build({
  absWorkingDir: here,
  entryPoints: { gpu: "src/gpu.ts", "participants/tfjs-webgpu": "src/participants/tfjs-webgpu.ts" },
  outdir: folder,
  bundle: true,
  platform: "node",
  format: "esm",
  mainFields: ["module", "main"],
  conditions: ["@downhill/source"],
  minify: true,
  // tfjs asks for Node's own modules with `require`.
  banner: {
    js: 'import { createRequire as makeRequire } from "node:module"; globalThis.require ??= makeRequire(import.meta.url);',
  },
});
const target = `${process.platform}-${process.arch}`;
const dawn = join(
  dirname(createRequire(join(here, "package.json")).resolve("webgpu")),
  "dist",
  target,
  "dawn.node",
);
const to = join(folder, "participants/dist", target);
mkdirSync(to, { recursive: true });
copyFileSync(dawn, join(to, "dawn.node"));
writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
console.log(`node ${join(folder, "gpu.js")}`);
