import { expect, test } from "vitest";
import { axisOver, place, ticks } from "./axis.js";

const labels = (log: boolean, low: number, high: number, about: number) =>
  ticks(axisOver("", log, low, high), about).map(({ label }) => label);

test("linear ticks are round and written as exactly as their distance asks for", () => {
  expect(labels(false, 0, 1, 5)).toEqual(["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
  expect(labels(false, 0, 20_000, 4)).toEqual(["0", "5000", "10k", "15k", "20k"]);
  expect(labels(false, 0, 2e6, 4)).toEqual(["0", "500k", "1.0M", "1.5M", "2.0M"]);
  expect(labels(false, 0, 4e-6, 4)).toEqual(["0", "1e-6", "2e-6", "3e-6", "4e-6"]);
});

test("logarithmic ticks are powers of ten, fewer where there is no room for all", () => {
  expect(labels(true, 0.001, 100, 6)).toEqual(["0.001", "0.01", "0.1", "1", "10", "100"]);
  expect(labels(true, 1e-12, 1, 4)).toEqual(["1e-12", "1e-8", "1e-4", "1"]);
});

test("a logarithmic axis within one power of ten has round ticks", () => {
  expect(labels(true, 2, 8, 3)).toEqual(["2", "4", "6", "8"]);
});

test("places values along the axis", () => {
  expect(place(axisOver("", false, -1, 3), 0)).toBe(0.25);
  expect(place(axisOver("", true, 1, 100), 10)).toBeCloseTo(0.5, 12);
});

test("makes room around a single value", () => {
  expect(axisOver("", false, 4, 4).domain).toEqual([2, 6]);
  expect(axisOver("", false, 0, 0).domain).toEqual([-1, 1]);
  expect(axisOver("", true, 4, 4).domain).toEqual([2, 8]);
});
