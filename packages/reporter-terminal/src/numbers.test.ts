import { expect, test } from "vitest";
import { count, formatDuration, formatNumber, formatRate } from "./numbers.js";

test.each([
  [0, "0"],
  [1, "1"],
  [1437, "1437"],
  [0.5, "0.5000"],
  [0.76147048, "0.7615"],
  [-6424.7647, "-6425"],
  [123456.7, "123457"],
  [0.00012346, "1.235e-4"],
  [4.2e12, "4.200e+12"],
  ["NaN", "NaN"],
  ["-Infinity", "-Infinity"],
] as const)("formats the figure %s as %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test.each([
  [3, "3 ms"],
  [999.6, "1.0 s"],
  [2_640, "2.6 s"],
  [42_000, "42 s"],
  [59_700, "1m 00s"],
  [185_000, "3m 05s"],
  [3_720_000, "1h 02m"],
  [183_600_000, "2d 03h"],
])("formats %d ms as %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test("gives the rate in steps a second, and slow ones in seconds a step", () => {
  expect(formatRate(341.27)).toBe("341 steps/s");
  expect(formatRate(0.25)).toBe("4 s/step");
});

test("counts in words", () => {
  expect(count(1, "epoch")).toBe("1 epoch");
  expect(count(20, "epoch")).toBe("20 epochs");
});
