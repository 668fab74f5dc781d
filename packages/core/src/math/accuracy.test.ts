import { describe, expect, it } from "vitest";
import atan2Cases from "./fixtures/atan2.json";
import cbrtCases from "./fixtures/cbrt.json";
import cosCases from "./fixtures/cos.json";
import erfCases from "./fixtures/erf.json";
import expCases from "./fixtures/exp.json";
import expm1Cases from "./fixtures/expm1.json";
import logCases from "./fixtures/log.json";
import log1pCases from "./fixtures/log1p.json";
import powCases from "./fixtures/pow.json";
import sigmoidCases from "./fixtures/sigmoid.json";
import sinCases from "./fixtures/sin.json";
import tanhCases from "./fixtures/tanh.json";
import { atan2, cbrt, cos, erf, exp, expm1, log, log1p, pow, sigmoid, sin, tanh } from "./index.js";

/** The distance from |x| to the next larger double. */
function ulp(x: number): number {
  const bits = new BigInt64Array(1);
  const value = new Float64Array(bits.buffer);
  value[0] = Math.abs(x);
  bits[0]! += x === Number.MAX_VALUE ? -1n : 1n;
  return Math.abs(value[0]! - Math.abs(x));
}

/**
 * Rows of the fixtures, made by tools/oracles/math_fixtures.py with mpmath: arguments, nearest double, rest
 * in ulp.
 */
function largestError(f: (...x: number[]) => number, rows: number[][]): number {
  let largest = 0;
  for (const row of rows) {
    const exact = row.at(-2)!;
    const error = Math.abs((f(...row.slice(0, -2)) - exact) / ulp(exact) - row.at(-1)!);
    if (!(error <= largest)) largest = error;
  }
  return largest;
}

describe("the elementary functions", () => {
  it.each([
    ["exp", exp, expCases, 1],
    ["expm1", expm1, expm1Cases, 1],
    ["log", log, logCases, 1],
    ["log1p", log1p, log1pCases, 1],
    ["pow", pow, powCases, 1],
    ["sin", sin, sinCases, 1],
    ["cos", cos, cosCases, 1],
    ["tanh", tanh, tanhCases, 2],
    ["sigmoid", sigmoid, sigmoidCases, 2],
    ["erf", erf, erfCases, 2],
    ["atan2", atan2, atan2Cases, 2],
    ["cbrt", cbrt, cbrtCases, 1],
  ] as [string, (...x: number[]) => number, number[][], number][])(
    "%s keeps its promise against 400-bit arithmetic",
    (_name, f, rows, bound) => {
      expect(rows.length).toBeGreaterThan(200);
      expect(largestError(f, rows)).toBeLessThanOrEqual(bound);
    },
  );

  it("are measured by a ruler that sees half an ulp", () => {
    expect(largestError((x) => x! * (1 + Number.EPSILON), [[1, 1, 0]])).toBe(1);
    expect(largestError((x) => x!, [[1, 1, 0.5]])).toBe(0.5);
    expect(largestError(() => NaN, [[1, 1, 0]])).toBeNaN();
  });
});
