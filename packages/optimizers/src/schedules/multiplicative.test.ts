import { describeSetting } from "@downhill/core";
import { describe, expect, it } from "vitest";
import { multiplicative, scheduleFromJSON } from "./index.js";

describe("multiplicative", () => {
  it("begins at its value, then multiplies by f(1), f(2), …, in whatever order steps are asked for", () => {
    const schedule = multiplicative(2, (t) => t);
    expect([4, 0, 1, 3].map(schedule)).toEqual([48, 2, 2, 12]);
  });

  it("is told by samples, since JSON cannot carry its function", () => {
    const json = describeSetting(multiplicative(1, () => 0.5));
    expect(json).toMatchObject({
      schedule: "custom",
      samples: [1, 0.5, 0.25, 2 ** -10, 2 ** -100, 2 ** -1000, 0],
    });
    expect(() => scheduleFromJSON(json)).toThrow("a function of the user's own");
  });

  it("refuses a value that is none", () => {
    expect(() => multiplicative(Number.NaN, () => 1)).toThrow("multiplicative: value = NaN is not allowed");
  });
});
