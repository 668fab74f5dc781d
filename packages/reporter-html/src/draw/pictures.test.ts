import { readFileSync } from "node:fs";
import type { FigureEvent } from "@downhill/core/train";
import { describe, expect, test } from "vitest";
import {
  classifierRun,
  confusionFigure,
  fitFigure,
  regionsFigure,
  rosenbrockRun,
  samplesFigure,
  uniform,
} from "../fixtures/runs.js";
import { png } from "../png.js";
import { createRecord, record } from "../record/run-record.js";
import { type Curve, curveSvg } from "./curve.js";
import { drawingsOf, figureSvg } from "./figure.js";
import { histogramsSvg } from "./histograms.js";

// Snapshots are files, so that they can be looked at.
const isSnapshot = (svg: string, name: string) =>
  expect(svg).toMatchFileSnapshot(`../fixtures/pictures/${name}.svg`);

const landscapes = rosenbrockRun("momentum", 300).filter((event) => event.type === "figure");

const random = uniform(11);
const noisy: Curve = {
  name: "adam",
  x: Array.from({ length: 3000 }, (_, i) => i + 1),
  y: Array.from({ length: 3000 }, (_, i) => (2 * Math.exp(-i / 500) + 0.05) * (0.4 + 1.2 * random())),
};
const calm: Curve = {
  name: "sgd",
  x: Array.from({ length: 3000 }, (_, i) => i + 1),
  y: Array.from({ length: 3000 }, (_, i) => 2 * Math.exp(-i / 900) + 0.1),
};

describe("pictures are as they were looked at", () => {
  test("curves, smoothed, over their raw values", () =>
    isSnapshot(curveSvg([noisy, calm], { title: "Loss", xLabel: "step", smoothing: 0.95 }), "curves"));

  test("curves on logarithmic axes, dark", () =>
    isSnapshot(
      curveSvg([noisy, calm], { title: "Loss", xLabel: "step", logX: true, logY: true, theme: "dark" }),
      "curves-dark",
    ));

  test("a run that diverged", () => {
    const diverged = { name: "sgd", x: [1, 2, 3, 4, 5], y: [1, 4, 90, Number.NaN, Number.POSITIVE_INFINITY] };
    return isSnapshot(curveSvg([diverged], { title: "Loss", xLabel: "step" }), "curves-diverged");
  });

  test("exact curves of a descent that was resumed, beside a noisy one", () => {
    const falling = Array.from({ length: 2000 }, (_, i) => 10 ** (-i / 150) + 1e-9);
    const exact = { name: "lbfgs", x: falling.map((_, i) => 1.5 * i), y: falling, exact: true };
    const few = { name: "newton", x: [1, 2, 3, 4, 5].map((i) => 100 * i), y: [3, 1, 0.1, 1e-3, 1e-7] };
    const options = { title: "Value", xLabel: "evaluations", smoothing: 0.95, marks: [1000, 2200] };
    return isSnapshot(curveSvg([noisy, exact, { ...few, exact: true }], options), "curves-exact");
  });

  test.each([
    ["landscape", landscapes[0]!],
    ["regions", regionsFigure()],
    ["confusion", confusionFigure()],
    ["samples", samplesFigure()],
  ] as [string, FigureEvent][])("%s", (name, event) => isSnapshot(figureSvg(event), name));

  test("a landscape halfway, with arrows", () => {
    const options = { at: 12, width: 640, height: 460 } as object;
    return isSnapshot(figureSvg(landscapes[0]!, options), "landscape-arrows");
  });

  test("fit, predicted against true, residuals", async () => {
    const drawings = drawingsOf(fitFigure());
    expect(drawings).toHaveLength(3);
    await isSnapshot(drawings[0]!.svg(), "fit");
    await isSnapshot(drawings[1]!.svg(), "predicted");
    await isSnapshot(drawings[2]!.svg(), "residuals");
  });

  test("histograms over time", () => {
    const run = createRecord();
    for (const event of classifierRun()) record(run, event);
    const slices = run.histograms.parameters["hidden.weight"]!;
    return isSnapshot(
      histogramsSvg(slices, { title: "hidden.weight", width: 480, height: 320 }),
      "histograms",
    );
  });
});

test("a picture becomes a PNG of twice its size, with letters where the machine has none", () => {
  const svg = figureSvg(confusionFigure());
  const bytes = png(svg);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  expect([...bytes.subarray(1, 4)]).toEqual([..."PNG"].map((letter) => letter.charCodeAt(0)));
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!;
  expect([view.getUint32(16), view.getUint32(20)]).toEqual([2 * Number(width), 2 * Number(height)]);
  // The same picture without its text is smaller: letters were drawn.
  expect(png(svg.replace(/<text.*?<\/text>/g, "")).length).toBeLessThan(bytes.length);
  expect(readFileSync(new URL("../../fonts/OFL.txt", import.meta.url), "utf8")).toContain(
    "SIL OPEN FONT LICENSE",
  );
});

test.each([
  ["fit", "needs data x and line, or predicted"],
  ["regions", 'needs data "classes"'],
  ["samples", 'needs data "images"'],
] as const)("a %s figure without its data says what is missing", (kind, message) => {
  const y = { dtype: "float64" as const, shape: [1], data: Float64Array.of(1) };
  const event: FigureEvent = { type: "figure", step: 1, kind, title: "t", data: { y } };
  expect(() => figureSvg(event)).toThrow(message);
});
