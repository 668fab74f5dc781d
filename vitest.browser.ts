import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { playwright } from "@vitest/browser-playwright";
import { defaultClientConditions, type Plugin } from "vite";
import type { TestProjectInlineConfiguration } from "vitest/config";

/**
 * The project that runs a package's `*.browser.test.ts` in Chromium; none for a package without such tests. Where there
 * is no Chromium, each file is one skipped test that says so, or a failing one under `DOWNHILL_REQUIRE_BROWSER=1`.
 */
export function inBrowser(): TestProjectInlineConfiguration[] {
  const files = existsSync("src") ? readdirSync("src", { recursive: true, encoding: "utf8" }) : [];
  const include = files.filter((path) => path.endsWith(".browser.test.ts")).map((path) => `src/${path}`);
  if (include.length === 0) return [];
  const test = { name: "browser", include, testTimeout: 60_000, hookTimeout: 60_000 };
  const executablePath = chromium();
  if (!executablePath) return [{ plugins: [skipped], test }];

  const browser = {
    enabled: true,
    headless: true,
    screenshotFailures: false,
    instances: [{ browser: "chromium" as const }],
    provider: playwright({ launchOptions: { executablePath, args } }),
  };
  const conditions = ["@downhill/source", ...defaultClientConditions];
  return [{ resolve: { conditions }, server: { headers: isolation }, test: { ...test, browser } }];
}

/** With these a page may share memory with its workers. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** For headless Chromium in a test. */
export const args = [
  "--no-sandbox",
  // WebGPU and WebGL without a graphics card.
  "--enable-unsafe-webgpu",
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  // Nothing but the tests on the network.
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where Chromium is: what `CHROMIUM` says, or the first on the PATH. */
export function chromium(): string | undefined {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
    } catch {
      // Not under this name.
    }
  }
  return undefined;
}

/** Puts one test in the place of each browser test file. */
const skipped: Plugin = {
  name: "downhill:no-browser",
  transform(_, id) {
    if (!id.endsWith(".browser.test.ts")) return;
    const why = "no Chromium found: install it, or say where it is in CHROMIUM";
    return process.env.DOWNHILL_REQUIRE_BROWSER
      ? `import { test } from "vitest"; test("runs in a browser", () => { throw new Error(${JSON.stringify(why)}); });`
      : `import { test } from "vitest"; test.skip(${JSON.stringify(`runs in a browser (skipped: ${why})`)}, () => {});`;
  },
};
