import { build, type Plugin } from "esbuild";
import { defineConfig, type Options } from "tsup";

/**
 * The build of a published package: ESM, CJS, types for both, source maps.
 *
 * @param entry The package's entries: their path in `dist`, without extension, and their source.
 * @param plugins What esbuild is to do besides, in ESM and CJS.
 */
export function library(
  entry: Record<string, string> = { index: "src/index.ts" },
  plugins: readonly Plugin[] = [],
) {
  const shared: Options = {
    target: "es2022",
    platform: "neutral",
    external: [/^node:/],
    // tsup would turn "node:fs" into "fs", which some runtimes do not know.
    removeNodeProtocol: false,
    sourcemap: true,
  };
  return defineConfig(async () => [
    {
      ...shared,
      name: "esm",
      format: "esm",
      // Modules stay files of their own, so that a bundler drops those nobody uses (`sideEffects: false`).
      entry: await modulesOf(Object.values(entry)),
      splitting: false,
      esbuildPlugins: [keepModules, ...plugins],
      clean: ["!**/*.{cjs,cjs.map}", "!**/*.d.{ts,cts}"],
    },
    {
      ...shared,
      name: "cjs",
      format: "cjs",
      entry,
      // Entries share their modules in CJS too. Rollup writes the CJS: tsup's own way breaks `yield` beside `??`.
      splitting: true,
      treeshake: true,
      esbuildPlugins: [...plugins],
      clean: ["!**/*.{js,js.map}", "!**/*.d.{ts,cts}"],
    },
    {
      name: "types",
      format: ["esm", "cjs"],
      entry,
      // Types are built against what dependencies publish, not against their sources.
      dts: { only: true, compilerOptions: { customConditions: [] } },
      clean: true,
    },
  ]);
}

/** The sources that the entries reach: all but the tests and what only tests use. */
async function modulesOf(entryPoints: string[]): Promise<string[]> {
  const { metafile } = await build({
    entryPoints,
    bundle: true,
    packages: "external",
    platform: "neutral",
    write: false,
    outdir: "dist",
    metafile: true,
  });
  return Object.keys(metafile.inputs).filter((path) => path.endsWith(".ts"));
}

/** Leaves imports of the package's other modules in place. */
const keepModules: Plugin = {
  name: "keep-modules",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\/.*\.js$/ }, ({ path, kind }) =>
      kind === "entry-point" ? undefined : { path, external: true },
    );
  },
};
