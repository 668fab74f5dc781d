import { defaultServerConditions } from "vite";
import { configDefaults, defineConfig, mergeConfig, type ViteUserConfig } from "vitest/config";
import { inBrowser } from "./vitest.browser.ts";

/** The test configuration every package starts from: `*.test.ts` in Node, `*.browser.test.ts` in Chromium. */
export function tests(overrides: ViteUserConfig = {}): ViteUserConfig {
  // Workspace packages resolve to their sources, so tests need no build (see CONTRIBUTING.md).
  const conditions = ["@downhill/source", ...defaultServerConditions];
  const shared = defineConfig({
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      include: ["src/**/*.test.ts"],
      exclude: [...configDefaults.exclude, "**/*.browser.test.ts"],
      // A guard against tests that hang, not a bound on speed: a loaded machine may be ten times as slow.
      testTimeout: 60_000,
      hookTimeout: 60_000,
      // `.ci/run` adds these files up.
      reporters: ["default", ["json", { outputFile: "test-results/vitest.json" }]],
      projects: [{ extends: true, test: { name: "node" } }, ...inBrowser()],
    },
  });
  return mergeConfig(shared, overrides);
}
