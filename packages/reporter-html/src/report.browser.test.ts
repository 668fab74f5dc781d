import type { RunStart, StepEvent } from "@downhill/core/train";
import { afterEach, describe, expect, test } from "vitest";
import { classifierRun, rosenbrockRun } from "./fixtures/runs.js";
import { renderReport } from "./render-report.js";

interface Opened {
  readonly document: Document;
  readonly window: Window & typeof globalThis;
  /** What went wrong since the page began. */
  readonly problems: readonly string[];
}

// Listens before the report's own script: errors of script and console, and what the policy forbids.
const watch = `<script>window.problems=[];for(const kind of ["error","unhandledrejection","securitypolicyviolation"])addEventListener(kind,(e)=>problems.push(kind+": "+(e.message||e.reason||e.violatedDirective)));for(const kind of ["error","warn"])console[kind]=(...a)=>problems.push(kind+": "+a.join(" "));</script>`;

/** Opens a page as a document of its own, until it is drawn. */
async function open(page: string, width = 1100): Promise<Opened> {
  const frame = document.createElement("iframe");
  frame.style.cssText = `width:${width}px;height:900px;border:0`;
  const watched = page.replace(/(<meta http-equiv[^>]*>)/, (policy) => policy + watch);
  frame.src = URL.createObjectURL(new Blob([watched], { type: "text/html" }));
  document.body.append(frame);
  await new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  const window = frame.contentWindow as Opened["window"] & { problems: string[] };
  const inside = frame.contentDocument!;
  await expect.poll(() => inside.documentElement.dataset.ready, { timeout: 5000 }).toBe("true");
  await expect.poll(() => inside.querySelectorAll(".drawing:empty").length, { timeout: 5000 }).toBe(0);
  // A page that has grown a scroll bar is drawn once more.
  for (let i = 0; i < 3; i++) await nextFrame();
  return { document: inside, window, problems: window.problems };
}

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));

const pathOf = (root: ParentNode, selector: string) => root.querySelector(selector)?.getAttribute("d") ?? "";

afterEach(() => document.body.replaceChildren());

describe("the report in a browser, under its strict policy", () => {
  test("draws everything of a classifier's run, with no error and no request", async () => {
    const { document, window, problems } = await open(renderReport([classifierRun()]));
    const titles = [...document.querySelectorAll(".figures > h2")].map((heading) => heading.textContent);
    expect(titles).toEqual([
      "Loss and metrics",
      "What the model makes of the data",
      "How it moves",
      "Parameters and gradients over time",
    ]);
    for (const kind of ["regions", "confusion", "fit", "samples", "histograms"]) {
      const drawing = document.querySelector(`.drawing[data-kind="${kind}"] svg`);
      expect(drawing?.querySelectorAll("path, rect, image, circle").length, kind).toBeGreaterThan(3);
    }
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(1100);
    expect(problems).toEqual([]);
    const requests = window.performance.getEntriesByType("resource").map(({ name }) => name);
    expect(requests.filter((name) => !name.startsWith("data:"))).toEqual([]);
  });

  test("fits a narrow window", async () => {
    const { document, problems } = await open(renderReport([classifierRun()]), 360);
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360);
    expect(problems).toEqual([]);
  });

  test("opens ten thousand steps of two optimizers", async () => {
    const runs = [rosenbrockRun("momentum", 10_000), rosenbrockRun("adam", 10_000)];
    const { document, problems } = await open(renderReport(runs));
    expect(document.querySelector(".chart svg")!.textContent).toContain("rosenbrock adam");
    expect(problems).toEqual([]);
  });

  test("lets no name act as markup", async () => {
    const name =
      "</script><script>window.problems.push('alert')</script><img src=x onerror=problems.push('image')>";
    const hostile = JSON.parse(
      JSON.stringify([classifierRun(name), classifierRun(name, 2)], (_, value) =>
        ArrayBuffer.isView(value) ? [...(value as unknown as number[])] : value,
      )
        .replaceAll("setosa", JSON.stringify(name).slice(1, -1))
        .replaceAll("Decision regions", JSON.stringify(name).slice(1, -1)),
    );
    const { document, problems } = await open(renderReport(hostile));
    expect(document.querySelectorAll("img").length).toBe(0);
    expect(document.querySelector("h1")!.textContent).toContain("<img src=x");
    expect(problems).toEqual([]);
  });
});

describe("the curves", () => {
  test("follow the axis, the smoothing and the runs chosen", async () => {
    const { document } = await open(renderReport([classifierRun("a"), classifierRun("b", 2)]));
    const chart = document.querySelector(".chart")!;
    const choose = async (selector: string) => {
      (document.querySelector(selector) as HTMLInputElement).click();
      await nextFrame();
    };
    expect(chart.textContent).toContain("EMA 0.9, debiased");
    expect(chart.querySelector("svg")!.textContent).toContain("800");
    await choose('input[name="axis"][value="epoch"]');
    expect(chart.querySelector("svg")!.textContent).toContain("epoch");
    expect(chart.querySelector("svg")!.textContent).not.toContain("800");
    const smoothing = document.querySelector<HTMLInputElement>('input[name="smoothing"]')!;
    smoothing.value = "0";
    smoothing.dispatchEvent(new Event("input", { bubbles: true }));
    await nextFrame();
    expect(chart.querySelector("svg")!.textContent).not.toContain("EMA");
    const lines = () => chart.querySelectorAll("svg svg > g").length;
    expect(lines()).toBe(2);
    await choose('input[name="run"][value="1"]');
    expect(lines()).toBe(1);
  });

  test("tell their values under the pointer, zoom where it is dragged, and come back", async () => {
    const events = rosenbrockRun("adam", 400);
    const { document, window } = await open(renderReport([events]));
    const chart = document.querySelector(".chart")!;
    const plot = chart.querySelector(".plot")!;
    const { left, top } = chart.querySelector(".drawing")!.getBoundingClientRect();
    const pointer = async (type: string, x: number, y: number) => {
      const at = { clientX: left + x, clientY: top + y, bubbles: true, pointerId: 1, pointerType: "mouse" };
      // No real pointer is down that could be captured.
      (plot as HTMLElement).setPointerCapture = () => {};
      plot.dispatchEvent(new window.PointerEvent(type, at));
      await nextFrame();
    };
    await pointer("pointermove", 500, 150);
    const tip = chart.querySelector<HTMLElement>(".tip")!;
    expect(tip.hidden).toBe(false);
    const step = Number(/^step (\d+)/.exec(tip.textContent!)![1]);
    // The middle of the plot, or nearly so.
    expect(Math.abs(step - 200)).toBeLessThan(20);
    const told = events.find((event) => event.type === "step" && event.step === step) as StepEvent;
    expect(tip.textContent).toContain(String(Number(Number(told.value).toPrecision(5))));
    const whole = pathOf(chart, "svg svg g path");
    await pointer("pointerdown", 300, 150);
    await pointer("pointermove", 450, 155);
    await pointer("pointerup", 450, 155);
    expect(pathOf(chart, "svg svg g path")).not.toBe(whole);
    const back = chart.querySelector<HTMLButtonElement>(".reset")!;
    expect(back.hidden).toBe(false);
    back.click();
    await nextFrame();
    expect(pathOf(chart, "svg svg g path")).toBe(whole);
  });
});

test("runs of another problem have a part of the page of their own, without curves in common", async () => {
  const descents = [rosenbrockRun("adam", 100), rosenbrockRun("momentum", 100)];
  const { document, problems } = await open(renderReport([...descents, classifierRun("net")]));
  const parts = [...document.querySelectorAll("h2.group")].map((heading) => heading.textContent);
  expect(parts).toEqual(["rosenbrock", "digits: digit"]);
  expect([...document.querySelectorAll(".contents a")].map((link) => link.getAttribute("href"))).toEqual([
    "#group-0",
    "#group-1",
  ]);
  const [first, second] = [...document.querySelectorAll(".charts")].map((part) =>
    part.querySelector(".chart svg"),
  );
  for (const name of ["rosenbrock adam", "rosenbrock momentum"]) {
    expect(first!.textContent).toContain(name);
    expect(second!.textContent).not.toContain(name);
  }
  expect(document.querySelectorAll(".bar")).toHaveLength(1);
  // A descent has no epochs, and is not smoothed.
  document.querySelector<HTMLElement>('input[name="axis"][value="epoch"]')!.click();
  await nextFrame();
  const svgs = [...document.querySelectorAll(".charts")].map((part) => part.querySelector(".chart svg")!);
  expect(svgs[0]!.textContent).toContain("step");
  expect(svgs[0]!.textContent).not.toContain("EMA");
  expect(svgs[1]!.textContent).toContain("epoch");
  expect(problems).toEqual([]);
});

test("a run that went on from a checkpoint has a line there, and one that has ended no value beyond", async () => {
  const events = rosenbrockRun("adam", 400);
  const resumed = [...events.slice(0, 201), { ...events[0]!, from: 200 } as RunStart, ...events.slice(201)];
  const { document, window } = await open(renderReport([resumed, rosenbrockRun("momentum", 100)]));
  const chart = document.querySelector(".chart")!;
  expect(chart.textContent).toContain("dashed upright: resumed");
  const d = chart.querySelector('svg path[stroke-dasharray="4 4"]')!.getAttribute("d")!;
  const width = chart.querySelector(".drawing")!.clientWidth;
  expect(Math.abs(Number(/^M([\d.]+) /.exec(d)![1]) - width / 2)).toBeLessThan(40);
  const { left, top } = chart.querySelector(".drawing")!.getBoundingClientRect();
  const at = { clientX: left + width * 0.75, clientY: top + 100, bubbles: true, pointerType: "mouse" };
  chart.querySelector(".plot")!.dispatchEvent(new window.PointerEvent("pointermove", at));
  await nextFrame();
  const tip = chart.querySelector(".tip")!.textContent!;
  expect(tip).toContain("rosenbrock adam");
  expect(tip).not.toContain("momentum");
});

test("the angle between step and −gradient is shown in degrees", async () => {
  const { document } = await open(renderReport([classifierRun()]));
  const charts = [...document.querySelectorAll(".chart")];
  const angle = charts.find((chart) => chart.querySelector("h3")!.textContent!.startsWith("Angle between"))!;
  // Cosines from 0.1 to 0.55 are angles from 57 to 84.
  const labels = [...angle.querySelectorAll('svg text[text-anchor="end"]')].map((label) =>
    Number(label.textContent),
  );
  expect(Math.min(...labels)).toBeGreaterThan(50);
  expect(Math.max(...labels)).toBeLessThan(90);
});

test("evaluations are an axis where steps tell how many there were", async () => {
  const counted = rosenbrockRun("adam", 100).map((event) =>
    event.type === "step" ? { ...event, evaluations: 3 * event.step } : event,
  );
  const { document } = await open(renderReport([counted]));
  const chart = document.querySelector(".chart svg")!.parentElement!;
  expect(chart.textContent).not.toContain("300");
  document.querySelector<HTMLElement>('input[name="axis"][value="evaluations"]')!.click();
  await nextFrame();
  expect(chart.textContent).toContain("300");
  expect(chart.textContent).toContain("evaluations");
  const { document: uncounted } = await open(renderReport([rosenbrockRun("adam", 100)]));
  expect(uncounted.querySelector('input[value="evaluations"]')).toBeNull();
});

test("the player goes to a step, with arrows there", async () => {
  const { document } = await open(renderReport([rosenbrockRun("momentum", 200)]));
  const scrub = document.querySelector<HTMLInputElement>(".scrub")!;
  const trails = document.querySelector(".trails")!;
  const whole = trails.innerHTML;
  expect(document.querySelector("output b")!.textContent).toBe("step 200");
  scrub.value = "20";
  scrub.dispatchEvent(new Event("input"));
  await nextFrame();
  expect(document.querySelector(".player output b")!.textContent).toBe("step 20");
  expect(trails.innerHTML).not.toBe(whole);
  // A shaft, its outline and a head for each of gradient, momentum and step.
  expect(trails.querySelectorAll("path").length).toBe(2 + 9);
});

test("plots are saved as PNG, SVG, CSV and JSON, and runs as events", async () => {
  const { document, window } = await open(renderReport([rosenbrockRun("adam", 100)]));
  const saved: { name: string; blob: Promise<Blob> }[] = [];
  window.HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, blob: fetchBlob(this.href) });
  };
  const blobs = new Map<string, Blob>();
  const make = window.URL.createObjectURL;
  window.URL.createObjectURL = (blob: Blob) => {
    const address = make.call(window.URL, blob);
    blobs.set(address, blob);
    return address;
  };
  const fetchBlob = async (address: string) => blobs.get(address)!;
  const chart = document.querySelector(".chart")!;
  for (const kind of ["SVG", "CSV", "JSON", "PNG"])
    chart.querySelector<HTMLElement>(`[data-kind="${kind}"]`)!.click();
  document.querySelector<HTMLElement>(".downloads button")!.click();
  await expect.poll(() => saved.length, { timeout: 5000 }).toBe(5);
  const text = async (end: string) => (await saved.find(({ name }) => name.endsWith(end))!.blob).text();
  const svg = await text(".svg");
  expect(new DOMParser().parseFromString(svg, "image/svg+xml").querySelector("parsererror")).toBeNull();
  expect(svg).not.toContain("var(--");
  expect((await text(".csv")).split("\r\n")[0]).toBe("curve,step,value,min,max");
  // The value that each step began at, and the last one's end.
  expect(JSON.parse(await text(".json")).step).toHaveLength(101);
  const events = (await text(".ndjson"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events).toHaveLength(rosenbrockRun("adam", 100).length);
  const png = new Uint8Array(
    await (await saved.find(({ name }) => name.endsWith(".png"))!.blob).arrayBuffer(),
  );
  expect([...png.subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
});
