import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunStart } from "@downhill/core/train";
import { reporterSuite } from "@downhill/testing";
import { gunzipSync, strFromU8 } from "fflate";
import { afterAll, describe, expect, test } from "vitest";
// @ts-expect-error The tool is plain JavaScript.
import { clientModule } from "../tools/client.mjs";
import { classifierRun, rosenbrockRun } from "./fixtures/runs.js";
import { html } from "./html.js";
import { unembed } from "./record/embed.js";
import { fromBase64 } from "./record/packed.js";
import { renderReport } from "./render-report.js";

const folder = mkdtempSync(join(tmpdir(), "reporter-html-"));
afterAll(() => rmSync(folder, { recursive: true }));

const opened = (embedded: string) => unembed(strFromU8(gunzipSync(fromBase64(embedded))))[0]!;

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

  test("goes on from a checkpoint with all that came before it", async () => {
    const events = classifierRun();
    const written: string[] = [];
    const reporter = () => html({ write: (page) => void written.push(page) });
    const first = reporter();
    for (const event of events.slice(0, 500)) first.on(event);
    const mark = JSON.parse(JSON.stringify(first.mark!()));
    const from = events.slice(0, 500).filter(({ type }) => type === "step").length;
    // What it is told after the checkpoint never happened.
    for (const event of events.slice(500, 520)) first.on({ ...event, value: 1e9 } as typeof event);
    const second = reporter();
    second.resume!(mark);
    for (const event of [{ ...(events[0] as RunStart), from }, ...events.slice(500)]) second.on(event);
    await second.end?.(1000);
    const whole = reporter();
    for (const event of events) whole.on(event);
    await whole.end?.(1000);
    const [resumed, uninterrupted] = written.map((page) => opened(/id="runs">([^<]*)</.exec(page)![1]!));
    expect(resumed!.resumed).toEqual([from]);
    expect({ ...resumed, resumed: [] }).toEqual(uninterrupted);
    expect(() => reporter().resume!(7)).toThrow("does not hold what the report had so far");
  });

  test("keeps joined numbers as they are when it goes on", () => {
    const steps = rosenbrockRun("adam", 40_000);
    const [first, second] = [html({ write: () => {} }), html({ write: () => {} })];
    for (const event of steps.slice(0, 20_001)) first.on(event);
    second.resume!(first.mark!());
    for (const reporter of [first, second]) for (const event of steps.slice(20_001)) reporter.on(event);
    const [one, other] = [first, second].map((reporter) => opened(reporter.mark!() as string).steps);
    expect(one!.columns.value!.width).toBe(4);
    expect({ ...other, columns: {} }).toEqual({ ...one, columns: {} });
    for (const [name, { spread, ...series }] of Object.entries(one!.columns)) {
      const { spread: again, ...rest } = other!.columns[name]!;
      expect(rest).toEqual(series);
      expect(again!.count).toEqual(spread!.count);
      again!.mean.forEach((mean, i) => {
        expect(Math.abs(mean - spread!.mean[i]!)).toBeLessThanOrEqual(1e-6 * Math.abs(spread!.max[i]!));
      });
    }
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
    const tables = (page: string) => page.replace(/<script[\s\S]*/, "");
    const told = /<div><dt>resumed at step<\/dt><dd>12<\/dd><\/div>/;
    expect(tables(renderReport([resumed]))).toMatch(told);
    expect(tables(renderReport([resumed])).replace(told, "")).toBe(tables(renderReport([adam])));
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
