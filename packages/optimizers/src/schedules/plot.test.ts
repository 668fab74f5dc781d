import { describe, expect, it } from "vitest";
import { cosine, linear, plotSchedule, warmup } from "./index.js";

describe("plotSchedule", () => {
  it("draws the values over the steps", () => {
    expect(plotSchedule(linear(4, { steps: 4 }), { steps: 5, width: 5, height: 4 })).toBe(
      ["4 ┤█", "  ┤██", "  ┤███", "0 ┤████", "  └─────", "   0   4"].join("\n"),
    );
  });

  it("fits what is open to the steps drawn", () => {
    const open = plotSchedule(warmup(10, cosine(1e-3, { steps: "run" })), { steps: 100 });
    expect(open).toBe(plotSchedule(warmup(10, cosine(1e-3, { steps: 90 })), { steps: 100 }));
    expect(open.split("\n")).toHaveLength(12);
  });

  it("draws numbers, negative ones too, and a single step", () => {
    expect(plotSchedule(2, { steps: 1, width: 2, height: 2 })).toBe(
      ["2 ┤██", "0 ┤██", "  └──", "   0"].join("\n"),
    );
    expect(plotSchedule((t) => -t, { steps: 3, width: 3, height: 2 })).toBe(
      [" 0 ┤█", "-2 ┤██", "   └───", "    0 2"].join("\n"),
    );
  });

  it("refuses no steps", () => {
    expect(() => plotSchedule(1, { steps: 0 })).toThrow("plotSchedule: steps = 0 is not allowed");
  });
});
