import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { describeInBrowser, type Opened } from "./testing/browser.js";
import { downhill, emptyFolder, lastingFolder } from "./testing/downhill.js";

describeInBrowser("the demo's report, opened from disk", (open) => {
  let opened: Opened;
  beforeAll(async () => {
    const folder = lastingFolder();
    await downhill(folder, "demo");
    opened = await open(join(folder, "runs/report.html"), { viewport: { width: 1600, height: 900 } });
  }, 60_000);
  afterEach(() => expect(opened.problems).toEqual([]));

  it("carries the strict policy, and does nothing that it forbids", async () => {
    expect(await opened.page.getAttribute("meta[http-equiv]", "content")).toBe(
      "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:",
    );
  });

  it("has curves, contour, decision regions and all other pictures", async () => {
    const { page } = opened;
    const shapes = (selector: string) =>
      page.$$eval(selector, (pictures) =>
        pictures.map((picture) => picture.querySelectorAll("path, rect, circle, image").length),
      );
    const texts = (selector: string) =>
      page.$$eval(selector, (all) => all.map(({ textContent }) => textContent));
    expect(await texts("h2.group")).toEqual([
      "rosenbrock",
      "penguins: body_mass_g",
      "penguins: species",
      "digits: digit",
    ]);
    const titles = await texts(".chart h3");
    for (const title of [
      ...["Value", "Loss of each step's rows", "Loss of whole parts of the data", "r2", "accuracy"],
      ...["Gradient norm", "Step norm", "Learning rate", "Angle between step and −gradient, in degrees"],
      "rosenbrock",
    ])
      expect(titles, title).toContain(title);
    // A contour is bands with lines, and three ways over them.
    const [contour] = await shapes("figure:has(.play) .drawing > svg");
    expect(contour).toBeGreaterThan(20);
    expect(await page.$$eval("figure:has(.play) g.trails > svg > g", (ways) => ways.length)).toBe(3);
    for (const kind of ["regions", "confusion", "samples", "fit", "histograms"]) {
      const found = await shapes(`.drawing[data-kind="${kind}"] > svg`);
      expect(found.length, kind).toBeGreaterThan(0);
      expect(Math.min(...found), kind).toBeGreaterThan(3);
    }
    // Three species have three grounds.
    const grounds = await page.$$eval('[data-kind="regions"] path[fill-opacity="0.22"]', (all) => all.length);
    expect(grounds).toBe(3);
  });

  it("plays the descent", async () => {
    const figure = opened.page.locator("figure:has(.play)");
    const step = () => figure.locator("output b").textContent();
    expect(await step()).toBe("step 2000");
    await figure.locator(".play").click();
    await expect.poll(async () => Number((await step())!.slice(5)), { timeout: 5000 }).toBeLessThan(1000);
    await figure.locator(".play").click();
    // Besides the ways, arrows.
    expect(await figure.locator("g.trails path").count()).toBeGreaterThan(6);
  });

  it("shows every curve along every axis", async () => {
    const { page } = opened;
    const names = () =>
      page.$$eval(".chart:has(.log-y) .drawing > svg", (all) =>
        all.map((svg) => [...svg.querySelectorAll("text")].at(-1)?.textContent),
      );
    const descents = await page.locator(".charts").first().locator(".chart:has(.log-y)").count();
    for (const [axis, name] of Object.entries({
      ...{ epoch: "epoch", evaluations: "evaluations", time: "time (s)", step: "step" },
    })) {
      await page.locator(`.segments label:has([value="${axis}"])`).click();
      // What has no epochs is shown by its steps.
      const expected = (await names()).length - (axis === "epoch" ? descents : 0);
      const named = async () => (await names()).filter((text) => text === name).length;
      await expect.poll(named, { timeout: 5000 }).toBe(expected);
      const drawn = await page.$$eval(".chart .drawing", (all) =>
        all.map(({ innerHTML }) => innerHTML).join(),
      );
      expect(drawn).not.toMatch(/NaN[ ,"]/);
    }
  });

  it.each([
    [1600, "light", "rgb(255, 255, 255)"],
    [360, "light", "rgb(255, 255, 255)"],
    [1000, "dark", "rgb(20, 25, 34)"],
  ] as const)("fits a window of %d pixels, %s", async (width, colorScheme, paper) => {
    const { page } = opened;
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    const pageWidth = () => page.evaluate(() => document.documentElement.scrollWidth);
    await expect.poll(pageWidth, { timeout: 5000 }).toBeLessThanOrEqual(width);
    expect(await page.$eval(".card", (card) => getComputedStyle(card).backgroundColor)).toBe(paper);
  });

  it("is printed in light, with its pictures as wide as the paper", async () => {
    const { page } = opened;
    await page.emulateMedia({ colorScheme: "dark" });
    expect((await page.pdf({ format: "A4" })).length).toBeGreaterThan(50_000);
    await page.emulateMedia({ colorScheme: "dark", media: "print" });
    await page.evaluate(() => {
      dispatchEvent(new Event("beforeprint"));
    });
    const widths = await page.$$eval(".chart.wide .drawing > svg", (all) =>
      all.map((svg) => svg.getAttribute("width")),
    );
    expect(new Set(widths)).toEqual(new Set(["640"]));
    expect(await page.$eval(".card", (card) => getComputedStyle(card).backgroundColor)).toBe(
      "rgb(255, 255, 255)",
    );
    expect(await page.locator(".bar").isVisible()).toBe(false);
  });
});

describeInBrowser("the report of ten thousand steps of two optimizers", (open) => {
  it("is under a megabyte, and takes less than a second to open", async () => {
    const folder = emptyFolder();
    const two = "adam:lr=0.001,gradient-descent:lr=0.001";
    await downhill(
      folder,
      `minimize rosenbrock --optimizer ${two} --steps 10000 --tolerance 0 --report r.html --json`,
    );
    expect(statSync(join(folder, "r.html")).size).toBeLessThan(1e6);
    const { page, problems } = await open(join(folder, "r.html"));
    // The time of the page's own thread, which others on the machine do not lengthen: 0.2 s.
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    await page.reload();
    await page.waitForFunction(() => document.documentElement.dataset.ready === "true");
    await page.waitForFunction(() => document.querySelectorAll(".drawing:empty").length === 0);
    const { metrics } = await session.send("Performance.getMetrics");
    const seconds = metrics.find(({ name }) => name === "TaskDuration")!.value;
    expect(seconds).toBeGreaterThan(0.01);
    expect(seconds).toBeLessThan(1);
    expect(await page.textContent("table.summary")).toContain("10000");
    expect(problems).toEqual([]);
  });
});

const script = "</script><script>alert(1)</script>";
const escapes = "\u001b[31mred\u001b]0;title\u0007\u009b2J\u202e";
const tag = "<img/src=x/onerror=alert(2)>";

/** Two columns and three classes with names that would act, in a file that a user may get from anybody. */
function hostileFile(folder: string): void {
  const rows = Array.from({ length: 60 }, (_, i) => {
    const name = [escapes, tag, script][i % 3]!;
    return `${(i % 3) + (i % 7) / 10},${(i % 5) / 5 - (i % 3)},${name}`;
  });
  writeFileSync(
    join(folder, "hostile.csv"),
    `${script},${escapes}${tag},${tag}${escapes}\n${rows.join("\n")}\n`,
  );
}

/** What would act on a terminal: the controls that the names hold. */
const acting = ["\u001b[31mred", "\u001b]0;", "\u009b2J", "\u202e"];
const actingIn = (text: string) => acting.filter((control) => text.includes(control));

describe("names that would act", () => {
  const train = `train mlp --data hostile.csv --target ${tag}${escapes} --epochs 3 --validation 0.2`;

  it("do nothing in a terminal, a log, a table and lines of JSON", async () => {
    const folder = emptyFolder();
    hostileFile(folder);
    for (const env of [{}, { FORCE_COLOR: "3" }, { LC_ALL: "C" }]) {
      const run = await downhill(folder, `${train} --json --csv run.csv --save m.safetensors`, env);
      expect(run.exitCode).toBe(0);
      expect(actingIn(run.stderr)).toEqual([]);
      expect(actingIn(run.stdout)).toEqual([]);
      expect(run.stdout).not.toContain("<script");
      // They are only written in another way.
      expect(run.events[0].data.classes.sort()).toEqual([escapes, tag, script].sort());
    }
    expect(actingIn(readFileSync(join(folder, "run.csv"), "utf8"))).toEqual([]);
    const predicted = await downhill(folder, "predict --model m.safetensors --data hostile.csv --json");
    expect(actingIn(predicted.stdout)).toEqual([]);
    const misspelt = await downhill(folder, "train mlp --data hostile.csv --target nothing");
    expect(misspelt.stderr).toContain("<img/src=x");
    expect(actingIn(misspelt.stderr)).toEqual([]);
  });

  it("do nothing in TensorBoard's files", async () => {
    const folder = emptyFolder();
    hostileFile(folder);
    await downhill(folder, `${train} --quiet --tensorboard tb`);
    const [file] = readdirSync(join(folder, "tb"));
    const text = readFileSync(join(folder, "tb", file!), "utf8");
    expect(actingIn(text)).toEqual([]);
    expect(text).not.toContain("<script");
    expect(text).not.toContain("<img");
  });
});

describeInBrowser("names that would act, in a report", (open) => {
  it("do nothing, be it made at once or later from the events", async () => {
    const folder = emptyFolder();
    hostileFile(folder);
    const train = `train logistic --data hostile.csv --target ${tag}${escapes} --epochs 30 --quiet`;
    await downhill(folder, `${train} --report at-once.html --events run.ndjson`);
    expect(actingIn(readFileSync(join(folder, "run.ndjson"), "utf8"))).toEqual([]);
    const later = await downhill(folder, `report run.ndjson -o later.html --title ${script}`);
    expect(later.exitCode).toBe(0);
    for (const name of ["at-once.html", "later.html"]) {
      expect(actingIn(readFileSync(join(folder, name), "utf8"))).toEqual([]);
      const { page, problems } = await open(join(folder, name));
      expect(await page.$$eval("script", (scripts) => scripts.length)).toBe(2);
      expect(await page.$$eval("img", (images) => images.length)).toBe(0);
      const text = (await page.textContent("body"))!;
      expect(text).toContain(tag);
      expect(text).toContain(script);
      expect(actingIn(text)).toEqual([]);
      await page.locator(".chart .plot").first().hover();
      for (const kind of ["SVG", "CSV", "JSON"])
        await page.$$eval(`[data-kind="${kind}"]`, (buttons) => (buttons[0] as HTMLElement).click());
      expect(problems).toEqual([]);
    }
  });
});
