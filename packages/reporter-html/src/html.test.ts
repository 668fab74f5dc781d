import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunStart } from "@downhill/core/train";
import { reporterSuite } from "@downhill/testing";
import { afterAll, describe, expect, test } from "vitest";
// @ts-expect-error The tool is plain JavaScript.
import { clientModule } from "../tools/client.mjs";
import { classifierRun, rosenbrockRun } from "./fixtures/runs.js";
import { html } from "./html.js";
import { renderReport } from "./render-report.js";

const folder = mkdtempSync(join(tmpdir(), "reporter-html-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the conformance suite", () => {
  for (const { title, run } of reporterSuite) {
    test(title, () => {
      let written = "";
      return run(() => ({
        reporter: html({ write: (page) => void (written += page) }),
        written: () => written,
      }));
    });
  }
});

describe("html", () => {
  test("writes the file whole, making its folder, and leaves nothing beside it", async () => {
    const path = join(folder, "a/b/report.html");
    const reporter = html({ path });
    for (const event of classifierRun()) reporter.on(event);
    expect(existsSync(path)).toBe(false);
    await reporter.end?.(1000);
    expect(readFileSync(path, "utf8")).toBe(renderReport([classifierRun()]));
    expect(readdirSync(join(folder, "a/b"))).toEqual(["report.html"]);
  });

  test("shows all runs that it followed, one after another", async () => {
    const pages: string[] = [];
    const reporter = html({ write: (page) => void pages.push(page) });
    for (const optimizer of ["momentum", "adam"] as const) {
      for (const event of rosenbrockRun(optimizer, 50)) reporter.on(event);
      await reporter.end?.(1000);
    }
    expect(pages).toEqual([
      renderReport([rosenbrockRun("momentum", 50)]),
      renderReport([rosenbrockRun("momentum", 50), rosenbrockRun("adam", 50)]),
    ]);
  });

  test("writes nothing where nothing was told", async () => {
    await html({ path: join(folder, "none.html") }).end?.(1000);
    expect(existsSync(join(folder, "none.html"))).toBe(false);
  });
});

describe("renderReport", () => {
  test("carries its own strict policy before anything that it rules", () => {
    const page = renderReport([classifierRun()]);
    const policy = `content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"`;
    expect(page.indexOf(policy)).toBeGreaterThan(0);
    expect(page.indexOf(policy)).toBeLessThan(page.indexOf("<style"));
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });

  test("has exactly the two script elements that it means to have", () => {
    const page = renderReport([classifierRun("</script><script>alert(1)</script>")]);
    expect(page.match(/<script/gi)).toHaveLength(2);
    expect(page.match(/<\/script/gi)).toHaveLength(2);
    expect(page).toContain("&lt;/script&gt;&lt;script&gt;alert(1)");
  });

  test("is under a megabyte for ten thousand steps of two optimizers", () => {
    const page = renderReport([rosenbrockRun("momentum", 10_000), rosenbrockRun("adam", 10_000)]);
    expect(Buffer.byteLength(page)).toBeLessThan(1e6);
  });

  test("takes several runs from one list, and goes on with one that was resumed", () => {
    const [momentum, adam] = [rosenbrockRun("momentum", 20), rosenbrockRun("adam", 20)];
    expect(renderReport([[...momentum, ...adam]])).toBe(renderReport([momentum, adam]));
    const again = adam.slice(13).filter((event) => event.type !== "figure" || event.step > 12);
    const resumed = [...adam.slice(0, 17), { ...(adam[0] as RunStart), from: 12 }, ...again];
    expect(renderReport([resumed])).toBe(renderReport([adam]));
  });

  test("is the same each time", () => {
    expect(renderReport([classifierRun()])).toBe(renderReport([classifierRun()]));
  });

  test("takes no runs, and a run without events", () => {
    expect(renderReport([])).toContain("No runs");
    expect(renderReport([[]])).toContain("No runs");
    expect(renderReport([classifierRun().slice(0, 5)])).toContain("stop before the run&#39;s end");
  });
});

test("the script in the package is that of its sources (else: node tools/client.mjs)", async () => {
  const generated = readFileSync(new URL("./generated/client.ts", import.meta.url), "utf8");
  expect(generated === (await clientModule())).toBe(true);
});
