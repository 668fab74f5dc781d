import { bind } from "@downhill/core";
import { describe, expect, it } from "vitest";
import { sam } from "./sam.js";

/** f(x, y) = x² + y² / 2. */
const evaluate = ({ p: [x, y] }: { readonly p: Float64Array }) => ({
  value: x! ** 2 + y! ** 2 / 2,
  gradient: { p: Float64Array.of(2 * x!, y!) },
});

describe("sam", () => {
  it("steps by the gradient at the steepest point nearby", () => {
    const stepper = bind(
      sam({ learningRate: 0.1, rho: 0.5, momentum: 0.5 }),
      { p: Float64Array.of(1.5, 4) },
      { evaluate },
    );
    // g = (3, 4), e = 0.5 g / 5 = (0.3, 0.4), gradient there (3.6, 4.4).
    stepper.step();
    expect(stepper.parameters.p[0]).toBeCloseTo(1.5 - 0.36, 15);
    expect(stepper.parameters.p[1]).toBeCloseTo(4 - 0.44, 15);
    // g = (2.28, 3.56), ‖g‖ = 4.2275288; e = (0.26966108, 0.42104976).
    // b = (1.8, 2.2) + (2 (1.14 + 0.26966108), 3.56 + 0.42104976) = (4.61932216, 6.18104976).
    stepper.step();
    expect(stepper.parameters.p[0]).toBeCloseTo(1.14 - 0.461932216, 8);
    expect(stepper.parameters.p[1]).toBeCloseTo(3.56 - 0.618104976, 8);
  });

  it("is SGD with momentum at distance 0, and stands still where there is no slope", () => {
    const stepper = bind(
      sam({ learningRate: 0.1, rho: 0, momentum: 0.5, weightDecay: 0.1 }),
      { p: Float64Array.of(1, 0) },
      { evaluate },
    );
    stepper.step(); // b = 2 + 0.1 = 2.1
    expect(stepper.parameters.p).toEqual(Float64Array.of(1 - 0.1 * 2.1, 0));
    stepper.step(); // b = 1.05 + 1.58 + 0.079 = 2.709
    expect(stepper.parameters.p[0]).toBeCloseTo(0.79 - 0.2709, 15);
  });
});
