import { chain } from "@downhill/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectSame, pointsOf, runs } from "../random-runs.fixture.js";
import { adam } from "../rules/adam.js";
import { gradientDescent } from "../rules/gradient-descent.js";
import { sgd } from "../rules/sgd.js";
import {
  adaptiveClip,
  centralize,
  clipByGlobalNorm,
  clipByNorm,
  clipByValue,
  coupledDecay,
  l1,
  noise,
} from "./index.js";

const base = () => sgd({ learningRate: 0.1, momentum: 0.9 });
const infinite = Number.POSITIVE_INFINITY;

describe("clipping to infinity changes nothing", () => {
  it.each([
    ["clipByValue", () => clipByValue(infinite)],
    ["clipByNorm", () => clipByNorm(infinite)],
    ["clipByNorm, optax", () => clipByNorm(infinite, { convention: "optax" })],
    ["clipByGlobalNorm", () => clipByGlobalNorm(infinite)],
    ["clipByGlobalNorm, optax", () => clipByGlobalNorm(infinite, { convention: "optax" })],
    ["adaptiveClip", () => adaptiveClip(infinite)],
  ])("%s", (_, transform) => {
    expectSame(() => [chain(transform(), base()), base()], 0);
  });
});

describe("transforms that are rules' own options", () => {
  it("coupled decay is sgd's weight decay", () => {
    const settings = { learningRate: 0.1, momentum: 0.9 };
    expectSame(
      () => [chain(coupledDecay(0.3), sgd(settings)), sgd({ ...settings, weightDecay: 0.3 })],
      1e-12,
    );
  });

  it("nothing added is nothing changed", () => {
    expectSame(() => [chain(l1(0), coupledDecay(0), noise(0), base()), base()], 0);
  });
});

describe("clipByGlobalNorm", () => {
  it("leaves the direction and bounds the norm over all parameters", () => {
    fc.assert(
      fc.property(runs, fc.double({ min: 1e-3, max: 10, noNaN: true }), (run, maxNorm) => {
        const step = (rule: Parameters<typeof pointsOf>[0]) => {
          const { trajectory } = pointsOf(rule, run);
          return Object.entries(run.parameters).flatMap(([name, { data }]) =>
            data.map((x, i) => x - trajectory[name]![0]![i]!),
          );
        };
        const plain = step(gradientDescent({ learningRate: 1 }));
        const clipped = step(chain(clipByGlobalNorm(maxNorm), gradientDescent({ learningRate: 1 })));
        const norm = Math.hypot(...plain);
        const factor = Math.min(1, maxNorm / (norm + 1e-6));
        clipped.forEach((x, i) => {
          expect(Math.abs(x - factor * plain[i]!)).toBeLessThanOrEqual(1e-14 * Math.max(4, norm));
        });
      }),
    );
  });

  it("of optax ends at the norm itself where PyTorch's ends below", () => {
    const run = {
      parameters: { w: { shape: [2], data: [0, 0] } },
      gradients: [{ w: [3, 4] }],
      values: [1],
    };
    const reached = (rule: Parameters<typeof pointsOf>[0]) =>
      Math.hypot(...pointsOf(rule, run).trajectory.w![0]!);
    const base = gradientDescent({ learningRate: 1 });
    expect(reached(chain(clipByGlobalNorm(1, { convention: "optax" }), base))).toBeCloseTo(1, 15);
    expect(reached(chain(clipByGlobalNorm(1), base))).toBeCloseTo(5 / (5 + 1e-6), 15);
    expect(reached(chain(clipByGlobalNorm({ maxNorm: 5.1 }), base))).toBe(5);
  });
});

describe("centralize", () => {
  it("leaves each output's inputs without a common step", () => {
    fc.assert(
      fc.property(runs, (run) => {
        const { trajectory } = pointsOf(chain(centralize(), gradientDescent({ learningRate: 1 })), run);
        const [before, after] = [run.parameters.w!.data, trajectory.w![0]!];
        const largest = Math.max(...run.gradients[0]!.w!.map(Math.abs), 1);
        for (const output of [0, 1, 2]) {
          const moved = [0, 1].map((input) => after[3 * input + output]! - before[3 * input + output]!);
          expect(Math.abs(moved[0]! + moved[1]!)).toBeLessThanOrEqual(1e-14 * largest);
        }
      }),
    );
  });
});

describe("a transform's main hyper-parameter", () => {
  it("may be a schedule, and come with the other settings", () => {
    const byName = adaptiveClip({ clipping: (step) => 1 / (step + 1), minNorm: 0.1 });
    const first = adaptiveClip((step) => 1 / (step + 1), { minNorm: 0.1 });
    expectSame(() => [chain(byName, adam()), chain(first, adam())], 0);
  });

  it("is checked like any other", () => {
    expect(() => clipByNorm(Number.NaN)).toThrow(
      "clip-by-norm: maxNorm = NaN is not allowed; expected a number in (0, ∞].",
    );
    expect(() => clipByValue(0)).toThrow("clip-by-value: clipValue = 0 is not allowed");
    expect(() => clipByNorm(1, { convension: "optax" } as never)).toThrow('Did you mean "convention"?');
    expect(() => centralize(1 as never)).toThrow("centralize: got 1; expected settings by name");
  });
});
