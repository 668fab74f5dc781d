import { defineConfig, type Options } from "tsup";

/** The build of a published package: ESM, CJS, types for both, source maps. */
export function library(entry: Record<string, string> = { index: "src/index.ts" }, options: Options = {}) {
  return defineConfig({
    entry,
    format: ["esm", "cjs"],
    target: "es2022",
    platform: "neutral",
    external: [/^node:/],
    // tsup would turn "node:fs" into "fs", which some runtimes do not know.
    removeNodeProtocol: false,
    // Entries of one package share their modules in CJS too, not only in ESM.
    splitting: true,
    // Then Rollup writes the CJS. Without this, Sucrase does, which breaks `yield` beside `??`.
    treeshake: true,
    sourcemap: true,
    clean: true,
    // Types are built against what dependencies publish, not against their sources.
    dts: { compilerOptions: { customConditions: [] } },
    ...options,
  });
}
