import { describe, expect, it } from "vitest";
import { points, line, gradientDescent } from "./train.fixture.js";
import { train } from "./train.js";
import type { Event } from "./events.js";

describe("train", () => {
  it("fits a line by mini-batches", async () => {
    const events: Event[] = [];
    const result = await train(line, {
      data: points(100),
      validation: points(20, 2),
      optimizer: gradientDescent({ learningRate: 0.1 }),
      epochs: 20,
      batchSize: 32,
      reporters: [{ name: "list", steps: "always", on: (event) => events.push(event) }],
    });
    console.log(result, events.slice(0, 6), events.slice(-3));
    expect(result.parameters.slope.data[0]).toBeCloseTo(2, 3);
  });
});
