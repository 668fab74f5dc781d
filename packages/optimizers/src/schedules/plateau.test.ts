import { type Data, tensor } from "@downhill/core";
import { type CheckpointStore, type Dataset, type Model, train } from "@downhill/core/train";
import { describe, expect, it } from "vitest";
import { sgd } from "../rules/sgd.js";
import { warmup } from "./composable.js";
import { plateau } from "./plateau.js";

describe("plateau", () => {
  it("goes on from saved state as if it had not stopped", () => {
    const metrics = [1, 0.9, 0.95, 0.95, 0.95, Number.NaN, 0.5, 0.5, 0.5, 0.5];
    const make = () => plateau(1, { patience: 1, factor: 0.5, cooldown: 1 });
    const values = (schedule: ReturnType<typeof make>, from: number) =>
      metrics.slice(from).map((metric) => {
        schedule.observe(metric);
        return schedule(0);
      });
    const whole = values(make(), 0);
    const first = make();
    metrics.slice(0, 4).forEach(first.observe);
    const second = make();
    second.load(JSON.parse(JSON.stringify(first.save())));
    expect(values(second, 4)).toEqual(whole.slice(4));
    expect(whole.at(-1)).toBeLessThan(1);
    expect(make().save()).toEqual({ value: 1, best: null, bad: 0, cooling: 0 });
  });

  it("counts NaN as no progress, at the first evaluation too", () => {
    const schedule = plateau(1, { patience: 0, factor: 0.5 });
    schedule.observe(Number.NaN);
    expect(schedule(0)).toBe(0.5);
    schedule.observe(3);
    expect(schedule.save()).toMatchObject({ best: 3, bad: 0 });
  });

  it("names the metric that it follows, and refuses foreign state", () => {
    expect(plateau(1, { monitor: "validation.accuracy", mode: "max" }).monitor).toBe("validation.accuracy");
    expect(() => plateau(1).load({ t: 3 })).toThrow("plateau: the saved state is");
    expect(() => plateau(1, { factor: 1 })).toThrow(
      "plateau: factor = 1 is not allowed; expected a number between 0 and 1.",
    );
  });
});

describe("a plateau in train", () => {
  const numbers = (values: readonly number[]): Dataset<{ x: Data }> => ({
    rows: values.length,
    info: { name: "numbers", features: ["x"], target: "" },
    columns: { x: [] },
    fingerprint: values.join(),
    *batches({ size }) {
      for (let i = 0; i < values.length; i += size)
        yield { x: tensor(Float64Array.from(values.slice(i, i + size))) };
    },
  });
  const center: Model<{ x: Data }> = {
    name: "center",
    config: {},
    init: () => ({ c: tensor(new Float64Array(1), []) }),
    loss: ({ c }, { x }) => x.sub(c!).square().mean(),
  };
  // On batches of one row each, a constant rate goes in circles.
  const options = () => ({
    data: numbers([1, -1, 3]),
    validation: numbers([1]),
    optimizer: sgd({ learningRate: warmup(3, plateau(0.4, { patience: 1, factor: 0.1 })) }),
    batchSize: 1,
    shuffle: false,
    epochs: 12,
    name: "run",
    dtype: "float64" as const,
  });

  it("reduces the rate after its patience, and does so again in a run that is resumed", async () => {
    const snapshots: Uint8Array[] = [];
    const store: CheckpointStore = {
      name: "memory",
      save: async (bytes) => void snapshots.push(bytes),
      load: async () => undefined,
    };
    const rates: number[] = [];
    const watch = {
      name: "rates",
      steps: "always" as const,
      on: (event: { readonly type: string; readonly hyper?: { readonly learningRate?: number } }) =>
        void (event.type === "step" && rates.push(event.hyper!.learningRate!)),
    };
    const whole = await train(center, {
      ...options(),
      checkpoint: { store, everyEpochs: 1 },
      reporters: [watch],
    });
    const losses = whole.history.map(({ validation }) => validation!.loss);
    const own = plateau(0.4, { patience: 1, factor: 0.1 });
    const expected = losses.flatMap((loss, epoch) => {
      const now = epoch === 0 ? [0, 0.4 / 3, (0.4 * 2) / 3] : [own(0), own(0), own(0)];
      own.observe(loss);
      return now;
    });
    expect(rates).toEqual(expected);
    expect(rates.at(-1)).toBeLessThan(0.05);
    expect(snapshots).toHaveLength(12);
    for (const resume of [snapshots[4]!, snapshots[9]!]) {
      const resumed = await train(center, { ...options(), resume });
      expect(resumed.parameters).toEqual(whole.parameters);
      expect(resumed.history.map(({ loss }) => loss)).toEqual(whole.history.map(({ loss }) => loss));
    }
  });
});
