import { bind } from "@downhill/core";
import { describeOptimizer } from "@downhill/testing";
import { describe, expect, it } from "vitest";
import { qhm } from "./qhm.js";

describeOptimizer({ make: qhm, elementwise: true, solves: { learningRate: 0.1 } }, { describe, it });

it("takes the paper's steps", () => {
  const stepper = bind(qhm({ learningRate: 1, beta: 0.5, nu: 0.5 }), { p: Float64Array.of(1) });
  const points = [1, -1, 0].map((g) => {
    stepper.gradients.p[0] = g;
    stepper.step();
    return stepper.parameters.p[0];
  });
  // m is 1/2, -1/4, -1/8.
  expect(points).toEqual([1 - 0.75, 1 - 0.75 + 0.625, 1 - 0.75 + 0.625 + 0.0625]);
});
