import { describe, expect, it } from "vitest";
import { adafactor } from "./adafactor.js";
import { walk } from "./walk.fixture.js";

describe("adafactor", () => {
  it("factors the second moment of a matrix", () => {
    const rule = adafactor({ learningRate: 0.1, beta2Decay: -0.5, epsilon2: 0.01, weightDecay: 0.2 });
    const { parameters } = walk(
      rule,
      [1, 2, 3, 4],
      [
        [2, 0, 1, -1],
        [1, 1, -1, 2],
        [0.5, 0, 0, -0.5],
      ],
      { shape: [2, 2] },
    );
    expect(parameters).toBeNear([
      // R = [2, 1], C = [2.5, 0.5], U = [1.09545, 0, 0.774597, -1.73205]
      [0.706138721247417, 1.96, 2.74635083268963, 4.35301270189222],
      // R = [1.29289, 2.06066], C = [1.43934, 1.91421], U = [0.949237, 0.823116, -0.751887, 1.30397]
      [0.428479187046673, 1.69227817750926, 2.90017038314364, 3.90392973804536],
      // R = [0.61861, 0.943106], C = [0.680505, 0.881211], U = [0.680976, 0, 0, -0.484659]
      [0.243975582299113, 1.65843261395908, 2.84216697548077, 3.95106541014391],
    ]);
  });

  it("keeps a vector's whole, bounds it from below and clips the update", () => {
    const rule = adafactor({
      learningRate: 0.1,
      beta2Decay: -0.5,
      epsilon1: 0.1,
      epsilon2: 0.01,
      clipThreshold: 0.5,
    });
    const { parameters } = walk(
      rule,
      [3, 4],
      [
        [2, -1],
        [0, 4],
        [-1, 1],
      ],
    );
    expect(parameters).toBeNear([
      // V = [4, 1], U = [1, -1]
      [2.82322330470336, 4.17677669529664],
      // V = [1.17157, 11.6066], U = [0, 1.17411]
      [2.82322330470336, 3.92470501208632],
      // V = [1.07252, 5.48288], U = [-0.965602, 0.427067]
      [3.04429874634137, 3.82692772814546],
    ]);
  });
});
