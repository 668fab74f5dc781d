import { expect, it } from "vitest";
import { exponential, logarithm, pi } from "./fixed-point.js";

const unit = 10n ** 40n;

/** The first 30 digits behind the point; the last ones computed are rounded off. */
const digits = (x: bigint) => x / 10n ** 10n;

// Digits from the OEIS: A000796, A002162, A001113.
it("knows π, log 2 and e to 30 digits", () => {
  expect(digits(pi(unit))).toBe(3_141592653589793238462643383279n);
  expect(digits(logarithm(2n, 1n, unit))).toBe(693147180559945309417232121458n);
  expect(digits(exponential(unit, unit))).toBe(2_718281828459045235360287471352n);
});

it("takes the logarithm of 1 and of numbers below", () => {
  expect(logarithm(1n, 1n, unit)).toBe(0n);
  expect(logarithm(1n, 2n, unit)).toBe(-logarithm(2n, 1n, unit));
});
