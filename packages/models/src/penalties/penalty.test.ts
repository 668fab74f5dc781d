import { expect, it } from "vitest";
import { compute, numbers } from "../test-support/compute.js";
import { completePenalties, penalty } from "./penalty.js";

it("is l1·Σ|w| + ½·l2·Σw² over all weights", () => {
  const weights = { a: numbers([1, -2]), b: numbers([[3]]) };
  const { both, none } = compute(weights, ({ a, b }) => ({
    both: penalty([a!, b!], { l1: 0.5, l2: 0.1 }),
    none: penalty([a!, b!], {}),
  }));
  expect(both[0]).toBeCloseTo(0.5 * 6 + 0.05 * 14, 14);
  expect(none[0]).toBe(0);
});

it("refuses negative strengths and unknown names", () => {
  expect(() => completePenalties("linear", { l2: -1 })).toThrow(
    "linear: penalties.l2 is -1; expected a number from 0.",
  );
  expect(() => completePenalties("linear", { l3: 1 } as object)).toThrow(
    'linear: penalties: unknown option "l3". Did you mean "l1"? There are l1, l2.',
  );
});
