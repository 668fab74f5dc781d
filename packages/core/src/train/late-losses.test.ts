import { describe, expect, it } from "vitest";
import { reference } from "../engine/reference.js";
import type { CheckpointStore } from "./checkpoint-store.js";
import type { Event } from "./events.js";
import { later } from "./later.fixture.js";
import { gradientDescent, line, listener, type PointsOptions, points } from "./train.fixture.js";
import { train } from "./train.js";

const options = {
  dtype: "float64" as const,
  batchSize: 4,
  epochs: 3,
  optimizer: gradientDescent({ learningRate: 0.1 }),
};
const someRows: PointsOptions = { noise: 1, weight: (row) => Number(row % 8 < 4) * (1 + (row % 3)) };

/** Without what time and names differ in. */
const timeless = (events: readonly Event[]) =>
  events.filter(({ type }) => type !== "run-start").map((event) => ({ ...event, time: 0, timeMs: 0 }));

describe("an asynchronous engine", () => {
  it("is asked for losses every 16 steps, and at the end of an epoch", async () => {
    const reads: string[] = [];
    const { reporter } = listener({ steps: { every: 1e9 } });
    const engine = later((arena) => reads.push(arena));
    const result = await train(line, { ...options, data: points(200), engine, reporters: [reporter] });
    expect(result.steps).toBe(150);
    // The 50 steps of an epoch are 16 + 16 + 16 + 2; the first step is always told.
    expect(reads.filter((arena) => arena === "losses")).toHaveLength(3 * 4 + 1);
    expect(reads).not.toContain("output");
  });

  it.each([
    ["each step", { steps: "always" as const }],
    ["some steps", { steps: { every: 7 }, wants: { gradientNorm: { every: 14 } } }],
    ["no steps", { steps: { every: 1e9 } }],
  ])("tells what a synchronous one tells, of %s", async (_, more) => {
    const run = async (engine: ReturnType<typeof later> | ReturnType<typeof reference>) => {
      const { events, reporter } = listener(more);
      const data = points(150, 1, someRows);
      const result = await train(line, { ...options, data, engine, reporters: [reporter] });
      return {
        events: timeless(events),
        ...result,
        timeMs: 0,
        engine: "",
        history: timelessEpochs(result.history),
      };
    };
    expect(await run(later())).toEqual(await run(reference()));
  });

  it("saves the checkpoints that a synchronous one saves", async () => {
    const saves = async (engine: ReturnType<typeof later> | ReturnType<typeof reference>) => {
      const saved: number[] = [];
      const store: CheckpointStore = {
        name: "memory",
        load: async () => undefined,
        save: async (bytes) => {
          saved.push(bytes.length);
        },
      };
      const { events, reporter } = listener({ steps: { every: 1e9 } });
      const data = points(150);
      await train(line, {
        ...options,
        data,
        engine,
        checkpoint: { store, everySteps: 10 },
        reporters: [reporter],
      });
      return { saves: saved.length, told: timeless(events).filter(({ type }) => type === "checkpoint") };
    };
    expect(await saves(later())).toEqual(await saves(reference()));
  });

  it("names the step whose loss was not finite, and returns what a synchronous one returns", async () => {
    const run = async (engine: ReturnType<typeof later> | ReturnType<typeof reference>) => {
      const { events, reporter } = listener({ steps: { every: 1e9 } });
      const optimizer = gradientDescent({ learningRate: (step: number) => (step < 60 ? 0.1 : 1e200) });
      const data = points(200);
      const result = await train(line, { ...options, optimizer, data, engine, reporters: [reporter] });
      const { status, steps, parameters } = result;
      return {
        status,
        steps,
        parameters,
        last: timeless(events.filter(({ type }) => type === "step")).at(-1),
      };
    };
    const found = await run(later());
    expect(found.status.why).toMatch(/at step 6\d/);
    expect(found).toEqual(await run(reference()));
  });
});

const timelessEpochs = (history: readonly object[]) => history.map((epoch) => ({ ...epoch, timeMs: 0 }));
