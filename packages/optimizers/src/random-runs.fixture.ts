import { js, type Rule } from "@downhill/core";
import fc from "fast-check";
import { expect } from "vitest";
import { deviation, type Run, replay } from "./trajectories.fixture.js";

fc.configureGlobal({ seed: 1, numRuns: 10 });

const steps = 12;

const numbers = (count: number, size: number) =>
  fc.array(fc.double({ min: -size, max: size, noNaN: true }), { minLength: count, maxLength: count });

/** Starts, gradients of all magnitudes with signs and zeros, and losses. */
export const runs: fc.Arbitrary<Run> = fc
  .record({
    start: numbers(10, 2),
    gradients: fc.array(fc.tuple(numbers(10, 1), fc.constantFrom(1e-6, 1, 1e3)), {
      minLength: steps,
      maxLength: steps,
    }),
  })
  .map(({ start, gradients }) => {
    const divide = (list: readonly number[]) => ({
      w: list.slice(0, 6),
      b: list.slice(6, 9),
      s: list.slice(9),
    });
    const { w, b, s } = divide(start);
    return {
      parameters: {
        w: { shape: [2, 3], data: w },
        b: { shape: [3], data: b },
        s: { shape: [], data: s },
      },
      gradients: gradients.map(([list, size]) => divide(list.map((g) => (Math.abs(g) < 0.1 ? 0 : g * size)))),
      values: gradients.map(([, size]) => size),
    };
  });

/** Every point that a rule reaches in a run. */
export function pointsOf(rule: Rule<any>, run: Run) {
  const all = run.gradients.map((_, i) => i + 1);
  return replay(rule, run, all, { engine: js() });
}

/** Expects two rules to go the same way in random runs, up to rounding (0: the same bits). */
export function expectSame(
  make: () => readonly [Rule<any>, Rule<any>],
  tolerance: number,
  numRuns = 10,
): void {
  fc.assert(
    fc.property(runs, (run) => {
      const [a, b] = make();
      const [left, right] = [pointsOf(a, run), pointsOf(b, run)];
      expect(deviation(left.trajectory, right.trajectory, run)).toBeLessThanOrEqual(tolerance);
    }),
    { numRuns },
  );
}
