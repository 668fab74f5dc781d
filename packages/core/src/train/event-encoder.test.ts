import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEncoder } from "./event-encoder.js";
import { encodeEvent } from "./event-line.js";
import type { Event, StepEvent } from "./events.js";

const num = fc.oneof(fc.double(), fc.constantFrom("NaN" as const, "Infinity" as const, "-Infinity" as const));
const named = fc.dictionary(fc.string({ unit: "binary" }), num);
const stepEvent = fc.record(
  {
    step: fc.nat(),
    epoch: fc.nat(),
    value: num,
    hyper: named,
    evaluations: fc.nat(),
    timeMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
    probes: named,
  },
  { requiredKeys: ["step", "epoch", "value", "hyper", "timeMs"] },
);

describe("createEncoder", () => {
  it("makes the lines of encodeEvent", () => {
    const encode = createEncoder();
    fc.assert(
      fc.property(stepEvent, ({ probes, timeMs, evaluations, hyper, ...head }) => {
        // In the order of those of a run.
        const event: StepEvent = {
          type: "step",
          step: head.step,
          epoch: head.epoch,
          value: head.value,
          hyper,
          ...(evaluations !== undefined && { evaluations }),
          timeMs,
          ...(probes && { probes }),
        };
        expect(encode(event)).toBe(encodeEvent(event));
        // The same hyper-parameters once more.
        expect(encode({ ...event, step: 7 })).toBe(encodeEvent({ ...event, step: 7 }));
      }),
    );
  });

  it("makes them of steps with arrays and of other events", () => {
    const encode = createEncoder();
    const packed = { w: { dtype: "float64", shape: [1, 3], data: new Float64Array([0, 1, 2]) } } as const;
    const events: Event[] = [
      {
        type: "step",
        step: 1,
        epoch: 1,
        value: 0.5,
        hyper: { "</script>": 1 },
        timeMs: 1,
        probes: { parameterHistograms: packed },
      },
      { type: "epoch", epoch: 1, step: 1, metrics: { "<b>": { loss: 0.5, r2: "NaN" } }, timeMs: 1 },
      { type: "epoch", epoch: 1, step: 1, metrics: { train: { loss: Number.NaN } }, timeMs: 1 },
      { type: "notice", level: "info", message: "\u001b[31m" },
    ];
    expect(events.map(encode)).toEqual(events.map(encodeEvent));
  });
});
