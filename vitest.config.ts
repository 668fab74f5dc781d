import { defineConfig } from "vitest/config";

// `npx vitest run packages/core` from the root; each package's own `npm test` uses its own configuration.
export default defineConfig({ test: { projects: ["packages/*", "apps/*", "tools"] } });
