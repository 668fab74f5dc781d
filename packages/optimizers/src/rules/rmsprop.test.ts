import { describe, expect, it } from "vitest";
import { rmsprop } from "./rmsprop.js";
import { walk } from "./walk.fixture.js";

describe("rmsprop", () => {
  it("divides by the root of the mean square", () => {
    const rule = rmsprop({ learningRate: 0.1, alpha: 0.75, epsilon: 0.5 });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // v = 1, b = 1.33333
      0.866666666666667,
      // v = 1.3125, b = -0.911497
      0.957816397076873,
      // v = 1.04688, b = 0.328263
      0.924990100826893,
    ]);
  });

  it("subtracts the squared mean when centered, and sums past steps", () => {
    const rule = rmsprop({ learningRate: 0.1, alpha: 0.75, epsilon: 0.5, centered: true, momentum: 0.5 });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // v = 1, a = 0.5, b = 1.4641
      0.853589838486224,
      // v = 1.3125, a = 0, b = -0.179446
      0.871534488139543,
      // v = 1.04688, a = 0.125, b = 0.2402
      0.847514505729114,
    ]);
  });

  it("adds epsilon in the root of TensorFlow.js, where its own code subtracts it", () => {
    const rule = rmsprop({ learningRate: 0.1, alpha: 0.75, epsilon: 0.5, centered: true, compat: "tfjs" });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // v = 1, a = 0.5, b = 1.78885
      0.821114561800017,
      // v = 1.3125, a = 0, b = -1.11417
      0.932531764706248,
      // v = 1.04688, a = 0.125, b = 0.404061
      0.89212566292416,
    ]);
  });
});
