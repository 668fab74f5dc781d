import { defaultServerConditions } from "vite";
import { defineConfig, mergeConfig, type ViteUserConfig } from "vitest/config";

// Workspace packages resolve to their sources, so tests need no build (see CONTRIBUTING.md).
const conditions = ["@downhill/source", ...defaultServerConditions];

/** The test configuration every package starts from. */
export function tests(overrides: ViteUserConfig = {}) {
  const shared = defineConfig({
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      include: ["src/**/*.test.ts"],
      passWithNoTests: true,
      // `.ci/run` adds these files up.
      reporters: ["default", ["json", { outputFile: "test-results/vitest.json" }]],
    },
  });
  return mergeConfig(shared, overrides);
}
