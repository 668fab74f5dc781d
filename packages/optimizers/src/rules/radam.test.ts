import { describe, expect, it } from "vitest";
import { radam } from "./radam.js";
import { walk } from "./walk.fixture.js";

describe("radam", () => {
  it("takes momentum steps until rho exceeds 5, rectified ones from then on", () => {
    const rule = radam({ learningRate: 0.1, beta1: 0.5, beta2: 0.9, epsilon: 0.01 });
    const { parameters } = walk(rule, 1, [2, -1, 0.5, 1, -2, 1, 0.5]);
    expect(parameters).toBeNear([
      // ρ = 1, m̂ = 2, v = 0.4
      0.8,
      // ρ = 1.94737, m̂ = 0, v = 0.46
      0.8,
      // ρ = 2.85978, m̂ = 0.285714, v = 0.439
      0.771428571428571,
      // ρ = 3.73742, m̂ = 0.666667, v = 0.4951
      0.704761904761905,
      // ρ = 4.58057, m̂ = -0.709677, v = 0.84559
      0.775729646697389,
      // ρ = 5.38956, m̂ = 0.15873, v = 0.861031
      0.772773553491378,
      // ρ = 6.16481, m̂ = 0.330709, v = 0.799928
      0.764054732097624,
    ]);
  });

  it("decays the parameter when decoupled", () => {
    const rule = radam({
      learningRate: 0.1,
      beta1: 0.5,
      beta2: 0.9,
      epsilon: 0.01,
      weightDecay: 0.5,
      decoupled: true,
    });
    const { parameters } = walk(rule, 1, [2, -1, 0.5, 1, -2, 1, 0.5]);
    expect(parameters).toBeNear([
      // ρ = 1, m̂ = 2, v = 0.4
      0.75,
      // ρ = 1.94737, m̂ = 0, v = 0.46
      0.7125,
      // ρ = 2.85978, m̂ = 0.285714, v = 0.439
      0.648303571428571,
      // ρ = 3.73742, m̂ = 0.666667, v = 0.4951
      0.549221726190476,
      // ρ = 4.58057, m̂ = -0.709677, v = 0.84559
      0.592728381816436,
      // ρ = 5.38956, m̂ = 0.15873, v = 0.861031
      0.560135869519604,
      // ρ = 6.16481, m̂ = 0.330709, v = 0.799928
      0.523410254649869,
    ]);
  });
});
