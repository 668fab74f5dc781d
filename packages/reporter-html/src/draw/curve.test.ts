import { describe, expect, test } from "vitest";
import { curveSvg, drawCurves } from "./curve.js";
import { decimate } from "./decimate.js";
import { smooth } from "./smooth.js";

describe("decimate", () => {
  test("keeps the least and the largest of every pixel", () => {
    const y = Float64Array.from({ length: 100_000 }, (_, i) => Math.sin(i / 7));
    y[54_321] = 40;
    y[54_322] = -30;
    const x = Float64Array.from(y, (_, i) => i);
    const [line] = decimate({ x, y }, (at) => at / 200, Number.isFinite);
    expect(line).toHaveLength(500);
    const spike = line![Math.floor(54_321 / 200)]!;
    expect([spike.min, spike.max, spike.count]).toEqual([-30, 40, 200]);
    expect(line!.reduce((sum, column) => sum + column.count, 0)).toBe(100_000);
  });

  test("ends a line where a value is not finite", () => {
    const lines = decimate({ x: [0, 1, 2, 3], y: [1, 2, Number.NaN, 4] }, (x) => x, Number.isFinite);
    expect(lines.map((line) => line.length)).toEqual([2, 1]);
  });
});

describe("smooth", () => {
  test("is the bias-corrected average, by hand", () => {
    // s1 = 0.5·4; s2 = 0.5·s1 + 0.5·2; divided by 0.5 and 0.75.
    expect([...smooth([4, 2], 0.5, undefined)]).toEqual([4, 2 / 0.75]);
  });

  test("leaves a constant as it is, from its first value on", () => {
    for (const value of smooth(new Float64Array(50).fill(3), 0.99, undefined))
      expect(value).toBeCloseTo(3, 12);
  });

  test("counts a joined number as often as the numbers it stands for", () => {
    const apart = smooth([1, 1, 1, 5, 5], 0.8, undefined).at(-1)!;
    expect(smooth([1, 5], 0.8, [3, 2]).at(-1)!).toBeCloseTo(apart, 12);
  });

  test("passes over what is not finite", () => {
    expect([...smooth([1, Number.NaN, 1], 0.5, undefined)]).toEqual([1, Number.NaN, 1]);
  });
});

test("a million points are drawn at once, their spike in sight", () => {
  const y = Float64Array.from({ length: 1_000_000 }, (_, i) => Math.sin(i / 1000));
  y[777_777] = 100;
  const x = Float64Array.from(y, (_, i) => i);
  const before = performance.now();
  const { svg, y: scale } = drawCurves([{ name: "a", x, y }], { logY: false });
  // Tens of milliseconds on an idle machine; a test machine may be busy.
  expect(performance.now() - before).toBeLessThan(2000);
  expect(svg.length).toBeLessThan(100_000);
  expect(svg).toContain(` ${Math.round(scale(100) * 10) / 10}L`);
});

test("an exact curve goes through the least and the largest of every pixel", () => {
  const y = Float64Array.from({ length: 5000 }, (_, i) => (i === 4998 ? 1e-12 : 1));
  const x = Float64Array.from(y, (_, i) => i);
  const { svg, y: scale } = drawCurves([{ name: "a", x, y, exact: true }], { smoothing: 0.9, logY: true });
  expect(svg).toContain(` ${Math.round(scale(1e-12) * 10) / 10}L`);
  expect(svg).not.toContain("EMA");
  expect(svg).not.toContain("band");
});

test("says how many values a logarithmic axis cannot show", () => {
  expect(curveSvg([{ name: "a", x: [1, 2, 3], y: [1, 0, -1] }], { logY: true })).toContain("2 not above 0");
});

test("names are text, whatever is in them", () => {
  const name = "</text><script>alert(1)</script>\u001b[31m\u202e";
  const svg = curveSvg([{ name, x: [1, 2], y: [1, 2] }], {
    title: name,
    xLabel: name,
    yLabel: name,
    width: 2000,
    height: 2000,
  });
  expect(svg).not.toContain("<script");
  for (const hidden of ["\u001b", "\u202e"]) expect(svg).not.toContain(hidden);
  expect(svg).toContain("&lt;script&gt;");
});

test.each([
  ["no curves", []],
  ["a curve without points", [{ name: "a", x: [], y: [] }]],
  ["one point", [{ name: "a", x: [1], y: [1] }]],
  ["nothing finite", [{ name: "a", x: [1, 2], y: [Number.NaN, Number.NEGATIVE_INFINITY] }]],
  ["huge numbers", [{ name: "a", x: [1, 2], y: [1e300, -1e300] }]],
])("draws %s without a number that is none", (_, curves) => {
  for (const logY of [false, true])
    for (const logX of [false, true])
      expect(curveSvg(curves, { logX, logY })).not.toMatch(/NaN[ ,"ML]|undefined/);
});
