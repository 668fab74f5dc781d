import { bind } from "@downhill/core";
import { describe, expect, it } from "vitest";
import { backtracking } from "./backtracking.js";

/** f(x) = x². */
const evaluate = ({ x }: { readonly x: Float64Array }) => ({
  value: x[0]! ** 2,
  gradient: { x: Float64Array.of(2 * x[0]!) },
});

const points = (settings: Parameters<typeof backtracking>[0], steps: number) => {
  const stepper = bind(backtracking(settings), { x: Float64Array.of(1) }, { evaluate });
  return Array.from({ length: steps }, () => {
    stepper.step();
    return stepper.parameters.x[0];
  });
};

describe("backtracking", () => {
  it("shrinks the length until the value falls, and grows it after", () => {
    // α = 0.75: f(1 - 0.75·2) = 0.25, taken.   α = 1.5: f(-0.5 + 1.5) = 1, refused; 0.75: f(0.25), taken, and so on.
    expect(points({ learningRate: 0.75 }, 3)).toEqual([-0.5, 0.25, -0.125]);
  });

  it("wants the value to fall by its share of the slope", () => {
    // α = 0.75: 0.25 > 1 - 0.6·0.75·4, refused;  0.375: 0.0625 ≤ 1 - 0.6·0.375·4 = 0.1, taken.
    // α = 0.75: 0.015625 > 0.0625 - 0.6·0.75·0.25, refused;  0.375: 0.00390625 ≤ 0.00625, taken.
    expect(points({ learningRate: 0.75, c1: 0.6 }, 2)).toEqual([0.25, 0.0625]);
  });

  it("keeps its length when told not to grow, and shrinks as told", () => {
    // α = 2, 0.5: f(0) = 0, taken at once; from there on nothing falls.
    expect(points({ learningRate: 2, shrink: 0.25, grow: 1 }, 1)).toEqual([0]);
    // α = 0.25 each time: x halves.
    expect(points({ learningRate: 0.25, grow: 1 }, 3)).toEqual([0.5, 0.25, 0.125]);
  });
});
