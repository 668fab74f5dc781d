import { randomStream } from "@downhill/core";
import { describe, expect, it } from "vitest";
import { type Initializer, initializers } from "./initializers.js";

const [fanIn, fanOut] = [200, 100];
/** Standard deviations as the papers give them. */
const deviations = {
  glorotUniform: Math.sqrt(2 / 300),
  glorotNormal: Math.sqrt(2 / 300),
  heUniform: Math.sqrt(2 / 200),
  heNormal: Math.sqrt(2 / 200),
  lecunUniform: Math.sqrt(1 / 200),
  lecunNormal: Math.sqrt(1 / 200),
};

describe.each(Object.entries(deviations) as [Initializer, number][])("%s", (name, deviation) => {
  const draw = (seed: number) => initializers[name]([fanIn, fanOut], randomStream(seed));
  const values = draw(1);
  const mean = values.reduce((a, b) => a + b) / values.length;
  const moment = (power: number) => values.reduce((sum, x) => sum + (x - mean) ** power, 0) / values.length;

  it("has the paper's variance and mean 0", () => {
    expect(values).toHaveLength(fanIn * fanOut);
    // Four standard errors of 20 000 draws.
    expect(Math.abs(mean)).toBeLessThan((4 * deviation) / Math.sqrt(values.length));
    expect(Math.abs(moment(2) / deviation ** 2 - 1)).toBeLessThan(4 * Math.sqrt(2 / values.length));
  });

  it("has the distribution that its name says", () => {
    const kurtosis = moment(4) / moment(2) ** 2;
    const uniform = name.endsWith("Uniform");
    expect(Math.abs(kurtosis - (uniform ? 1.8 : 3))).toBeLessThan(0.15);
    const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    if (uniform) expect(largest).toBeLessThanOrEqual(Math.sqrt(3) * deviation);
    else expect(largest).toBeGreaterThan(3 * deviation);
  });

  it("depends on the seed alone", () => {
    expect(draw(1)).toEqual(values);
    expect(draw(2)).not.toEqual(values);
  });
});

it("zeros are zeros", () => {
  expect(initializers.zeros([2, 3])).toEqual(new Float64Array(6));
});
