import { describe, expect, it } from "vitest";
import { reference } from "../engine/reference.js";
import { random } from "../expr/functions.js";
import { defineMethod } from "../minimize/define-method.js";
import { chain } from "../optimizer/chain.js";
import { defineOptimizer, defineTransform } from "../optimizer/define.js";
import { beta, rate } from "../optimizer/hyper.js";
import { ask, type Vector } from "../optimizer/method.js";
import { copy, scalar, zeros } from "../optimizer/slot.js";
import type { CheckpointStore } from "./checkpoint-store.js";
import type { Supervised } from "./dataset.js";
import type { Event } from "./events.js";
import type { TrainOptions } from "./options.js";
import type { Reporter } from "./reporter.js";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.js";
import { backtracking, gradientDescent, halving, line, points } from "./train.fixture.js";
import { train } from "./train.js";

/** Keeps every snapshot. */
function memoryStore() {
  const snapshots: Uint8Array[] = [];
  const store: CheckpointStore = {
    name: "memory",
    save: async (snapshot) => void snapshots.push(snapshot),
    load: async () => snapshots.at(-1),
  };
  return { store, snapshots };
}

/** A reporter that, like a file, is cut back to where a checkpoint was taken. */
function tape(events: Event[] = []) {
  let resumed = false;
  const reporter: Reporter = {
    name: "tape",
    steps: { every: 3 },
    wants: { gradientNorm: { every: 2 } },
    on(event) {
      if (event.type !== "run-start" || !resumed) events.push(event);
    },
    mark: () => events.length,
    resume(mark) {
      resumed = true;
      events.length = mark as number;
    },
  };
  return { events, reporter };
}

/** Everything but times. */
const timeless = (value: unknown) =>
  JSON.parse(JSON.stringify(value, (key, x: unknown) => (key === "timeMs" || key === "time" ? 0 : x)));

/** Momentum with state of every kind: element, tensor and run on the device, run on the host, and noise. */
const busy = defineOptimizer({
  name: "busy",
  paper: "none",
  hyper: { learningRate: rate(0.05), momentum: beta(0.9) },
  state: { m: zeros, mean: copy, norm: scalar(0), seen: scalar(0, "run"), power: scalar(1, "run") },
  update({ gradient, parameter, m, mean, norm, seen, power, key, t }, { learningRate, momentum }) {
    const next = momentum.mul(m).add(gradient.mul(random.uniform(key, gradient.shape).add(0.5)));
    const step = learningRate.mul(next).div(power.neg().add(2));
    return {
      step,
      m: next,
      mean: mean.add(parameter.sub(step).sub(mean).div(t)),
      norm: norm.add(gradient.square().sum()),
      seen: seen.add(gradient.abs().sum()),
      power: power.mul(momentum),
    };
  },
  view: ({ mean, parameter }) => mean.add(parameter).mul(0.5),
});
const clip = defineTransform({
  name: "clip",
  hyper: { limit: rate(1) },
  state: { seen: zeros },
  update: ({ gradient, seen }, { limit }) => ({
    gradient: gradient.clamp(limit.neg(), limit),
    seen: seen.add(gradient.abs()),
  }),
});
/** A method with vectors and lists in its state. */
const heavyBall = defineMethod({
  name: "heavy ball",
  paper: "Polyak 1964",
  hyper: { learningRate: rate(0.05) },
  start: (x) => ({ before: x, values: [] as number[], note: { last: -0, best: Infinity } }),
  *step({ x, at, state }, { learningRate }) {
    const y: Vector = x.clone().axpy(-learningRate, at.gradient).axpy(0.5, x).axpy(-0.5, state.before);
    const next = yield* ask.gradient(y);
    const values = [...state.values, next.value].slice(-3);
    return {
      x: y,
      at: next,
      state: { before: x, values, note: { last: -0, best: Math.min(state.note.best, next.value) } },
    };
  },
});
const noisyLine = {
  ...line,
  loss: (...[p, batch]: Parameters<typeof line.loss>) => {
    if (!batch.key) return line.loss(p, batch);
    const x = batch.x.mul(random.uniform(batch.key, batch.x.shape).add(0.5));
    return line.loss(p, { ...batch, x });
  },
};

const cases: Record<string, Partial<TrainOptions>> = {
  "a rule with state of every kind, a view and a schedule": {
    optimizer: busy({
      learningRate: Object.assign(() => 0, { forRun: (n: number) => (t: number) => 0.05 * (1 - t / n) }),
    }),
    dtype: "float32",
  },
  "a schedule that follows a metric": {
    optimizer: gradientDescent({ learningRate: halving(0.9, "validation.mae") }),
    epochs: 12,
  },
  "a chain, in float64 on the reference": {
    optimizer: chain(clip(), busy()),
    engine: reference(),
    dtype: "float64",
  },
  "partial accumulation": { optimizer: busy(), accumulate: 3, batchSize: 8 },
  "early stopping": {
    optimizer: gradientDescent({ learningRate: (t) => 0.02 * 1.06 ** t }),
    earlyStopping: { monitor: "validation.mae", mode: "min", patience: 3 },
    epochs: 40,
  },
  "full batch until it converges": {
    optimizer: busy(),
    batchSize: "all",
    epochs: 70,
    gradientTolerance: 0.3,
  },
  "a method on batches": { optimizer: heavyBall(), dtype: "float64" },
  "a method on all rows": { optimizer: backtracking(), batchSize: "all", dtype: "float32", epochs: 30 },
  "a run that stalls": {
    optimizer: gradientDescent({ learningRate: (t) => (t < 5 ? 0.1 : 0) }),
    batchSize: 32,
    epochs: 1000,
    evaluateEvery: 20,
  },
};

describe("a run resumed from any of its checkpoints", () => {
  it.each(Object.entries(cases))("ends with the bits of one without interruption: %s", async (_, given) => {
    const base = {
      data: points(60, 1, { noise: 0.3, weight: (row) => 1 + (row % 3) }),
      validation: points(30, 2, { noise: 0.3 }),
      epochs: 6,
      batchSize: 16,
      seed: 7,
      name: "run",
      ...given,
    } as TrainOptions<Supervised, never, never>;
    const model = given.engine || given.accumulate ? noisyLine : line;
    const whole = tape();
    const { store, snapshots } = memoryStore();
    // Between batches that wait to be joined, too: time has always come.
    const checkpoint = { store, everySteps: 1, ...(given.accumulate && { everyMs: 0 }) };
    const expected = await train(model, { ...base, checkpoint, reporters: [whole.reporter] });
    expect(snapshots.length).toBeGreaterThan(5);
    const marks = whole.events.flatMap((event, i) => (event.type === "checkpoint" ? [i] : []));
    const stride = Math.ceil(snapshots.length / 8);
    const places = snapshots.map((_, i) => i).filter((i) => i % stride === 1 || i > snapshots.length - 3);
    for (const i of places) {
      // What was told after the checkpoint is cut off again.
      const torn = tape(structuredClone(whole.events.slice(0, marks[i]! + 2)));
      const resumed = await train(model, {
        ...base,
        checkpoint: { ...checkpoint, store: memoryStore().store },
        resume: snapshots[i]!,
        reporters: [torn.reporter],
      });
      expect(resumed.parameters).toEqual(expected.parameters);
      expect(timeless(resumed)).toEqual(timeless(expected));
      expect(timeless(torn.events)).toEqual(timeless(whole.events));
    }
  });

  it("saves what an uninterrupted run saves", async () => {
    const options = { data: points(60), optimizer: busy(), epochs: 4, batchSize: 16, name: "run" } as const;
    const [a, b] = [memoryStore(), memoryStore()];
    await train(line, { ...options, checkpoint: { store: a.store, everySteps: 1 } });
    await train(line, { ...options, checkpoint: { store: b.store, everySteps: 1 }, resume: a.snapshots[4]! });
    expect(b.snapshots.length).toBe(a.snapshots.length - 5);
    const tensors = (snapshot: Uint8Array) => {
      const { "history/timeMs": _, ...rest } = decodeSafetensors(snapshot).tensors;
      return rest;
    };
    expect(Object.keys(tensors(a.snapshots.at(-1)!)).length).toBeGreaterThan(10);
    expect(b.snapshots.map(tensors)).toEqual(a.snapshots.slice(5).map(tensors));
  });

  it("goes on after it was stopped, and may go on for longer", async () => {
    const { store } = memoryStore();
    const options = { data: points(60), optimizer: busy(), batchSize: 16, name: "run" } as const;
    const whole = tape();
    const expected = await train(line, { ...options, epochs: 9, reporters: [whole.reporter] });
    const parts = tape();
    const checkpoint = { store };
    const run = train(line, { ...options, epochs: 5, checkpoint, reporters: [parts.reporter] });
    for await (const { step } of run) if (step === 7) break;
    expect((await run).status.kind).toBe("stopped");
    const more = { ...options, checkpoint, reporters: [parts.reporter], resume: true };
    expect((await train(line, { ...more, epochs: 5 })).steps).toBe(20);
    const resumed = await train(line, { ...more, epochs: 9 });
    expect(resumed.parameters).toEqual(expected.parameters);
    expect(resumed.history.map(({ loss }) => loss)).toEqual(expected.history.map(({ loss }) => loss));
  });

  it("is announced where another run's checkpoint will be replaced", async () => {
    const { store } = memoryStore();
    const options = {
      data: points(60),
      optimizer: busy(),
      epochs: 1,
      name: "first",
      checkpoint: { store },
    } as const;
    await train(line, options);
    expect((await train(line, { ...options, name: "second" })).notices).toEqual([
      'There is a checkpoint of the run "first" after 2 steps at memory. This run begins at the start and will replace it.',
    ]);
  });

  it("begins at the start where there is no checkpoint yet, and says so", async () => {
    const { store, snapshots } = memoryStore();
    const options = {
      data: points(60),
      optimizer: busy(),
      epochs: 1,
      checkpoint: { store },
      resume: true,
    } as const;
    const result = await train(line, options);
    expect(result.notices).toEqual(["There is no checkpoint at memory yet; the run begins at the start."]);
    expect(snapshots).toHaveLength(1);
  });
});

describe("a checkpoint", () => {
  const options = { data: points(60), optimizer: busy(), epochs: 2, batchSize: 16 } as const;
  const saved = async () => {
    const { store, snapshots } = memoryStore();
    await train(line, { ...options, checkpoint: { store } });
    return { store, snapshots, bytes: snapshots[0]! };
  };

  it.each<[Partial<TrainOptions>, string]>([
    [{ optimizer: busy({ learningRate: 0.01 }) }, "optimizer.learningRate was 0.05 and is now 0.01"],
    [{ optimizer: busy({ momentum: (t) => t / 1e6 }) }, "optimizer.momentum was 0.9 and is now not there"],
    [{ optimizer: gradientDescent() }, 'optimizer.name was "busy" and is now "gradient descent"'],
    [{ data: points(60, 2) }, "data.fingerprint was "],
    [{ data: points(61) }, "data.rows was 60 and is now 61"],
    [{ dtype: "float64" }, 'dtype was "float32" and is now "float64"'],
    [{ batchSize: 20 }, "batchSize was 16 and is now 20"],
    [{ seed: 3 }, "seed was 0 and is now 3"],
    [{ shuffle: false }, "shuffle was true and is now false"],
    [{ accumulate: 2 }, "accumulate was 1 and is now 2"],
    [{ engine: reference() }, 'engine was "js" and is now "reference"'],
    [{ validation: points(10) }, 'validation was "none" and is now not there'],
  ])("is not resumed with other settings: %#", async (other, message) => {
    const { store, snapshots } = await saved();
    const given = { ...options, ...other, epochs: 4, checkpoint: { store }, resume: true } as TrainOptions;
    await expect(train(line, given)).rejects.toThrow(message);
    await expect(train(line, given)).rejects.toThrow("Resume with the settings it was made with");
    expect(snapshots).toHaveLength(1);
  });

  it("is not resumed with another model", async () => {
    const { store } = await saved();
    const other = { ...line, config: { model: "line", power: 2 } };
    await expect(train(other, { ...options, checkpoint: { store }, resume: true })).rejects.toThrow(
      "checkpoint memory: it belongs to another run: model.config.power was not there and is now 2.",
    );
  });

  it("that was damaged anywhere is not resumed", async () => {
    const { bytes } = await saved();
    const attempt = (damaged: Uint8Array) => train(line, { ...options, resume: damaged, epochs: 4 });
    await attempt(bytes);
    for (let i = 0; i < bytes.length; i += 37) {
      const damaged = bytes.slice();
      damaged[i]! ^= 1 << (i % 8);
      await expect(attempt(damaged), `byte ${i}`).rejects.toThrow(/^checkpoint given: /);
    }
    for (const length of [0, 7, 8, 100, bytes.length - 1]) {
      await expect(attempt(bytes.slice(0, length)), `${length} bytes`).rejects.toThrow(/^checkpoint given: /);
    }
  });

  it("that is something else is neither resumed nor overwritten", async () => {
    const foreign = encodeSafetensors({ w: { data: Float32Array.of(1), shape: [1] } }, { format: "pt" });
    let saves = 0;
    const store: CheckpointStore = {
      name: "model.safetensors",
      load: async () => foreign,
      save: async () => void saves++,
    };
    await expect(train(line, { ...options, checkpoint: { store }, resume: true })).rejects.toThrow(
      "checkpoint model.safetensors: this safetensors file is no checkpoint of a training. Was it saved by something else?",
    );
    await expect(train(line, { ...options, checkpoint: { store } })).rejects.toThrow(
      "Nothing was overwritten: save elsewhere, or remove it.",
    );
    expect(saves).toBe(0);
  });

  it("is not saved of a run that diverged", async () => {
    const { store, snapshots } = memoryStore();
    const wild = gradientDescent({ learningRate: 1e30 });
    const result = await train(line, {
      ...options,
      optimizer: wild,
      epochs: 20,
      checkpoint: { store, everySteps: 1 },
    });
    expect(result.status.kind).toBe("diverged");
    // The last step found no finite loss where the update before it led.
    expect(snapshots.length).toBe(result.steps - 2);
  });

  it.each([{}, { everySteps: 1 }, { everyEpochs: 1 }])(
    "is not saved of a run whose last update led to no finite loss (%o)",
    async (pace) => {
      const { store, snapshots } = memoryStore();
      const jump = gradientDescent({ learningRate: (step) => (step === 5 ? 1e200 : 0.1) });
      const run = { ...options, dtype: "float64", batchSize: "all", epochs: 20, optimizer: jump } as const;
      const result = await train(line, { ...run, maxSteps: 6, checkpoint: { store, ...pace } });
      expect(result.status.kind).toBe("diverged");
      const last = snapshots.at(-1);
      expect(snapshots).toHaveLength(Object.keys(pace).length > 0 ? 5 : 0);
      if (last === undefined) return;
      const resumed = await train(line, { ...run, maxSteps: 5, checkpoint: { store }, resume: last });
      expect(resumed.steps).toBe(5);
      expect(resumed.value).toBeLessThan(10);
    },
  );

  it("is not saved where the last update led to no finite loss, though better parameters are returned", async () => {
    const { store, snapshots } = memoryStore();
    const jump = gradientDescent({ learningRate: (step) => (step === 5 ? 1e200 : 0.1) });
    const result = await train(line, {
      ...options,
      dtype: "float64",
      batchSize: "all",
      optimizer: jump,
      validation: points(20, 2),
      evaluateEvery: 5,
      epochs: 20,
      earlyStopping: { monitor: "validation.loss", patience: 3 },
      maxSteps: 6,
      checkpoint: { store },
    });
    expect(result.best!.step).toBe(5);
    expect(Number.isFinite(result.value)).toBe(true);
    expect(snapshots).toHaveLength(0);
  });

  it("that cannot be saved ends the run with the reason", async () => {
    const store: CheckpointStore = {
      name: "full",
      load: async () => undefined,
      save: () => Promise.reject(new Error("The disk is full.")),
    };
    await expect(train(line, { ...options, checkpoint: { store } })).rejects.toThrow("The disk is full.");
  });

  it("comes every 30 seconds unless told otherwise", async () => {
    const { snapshots } = await saved();
    expect(snapshots).toHaveLength(1);
    const { store, snapshots: some } = memoryStore();
    await train(line, { ...options, epochs: 6, checkpoint: { store, everyEpochs: 2 } });
    expect(some).toHaveLength(3);
  });

  it("names state that is no plain data", async () => {
    const odd = defineMethod({
      name: "odd",
      paper: "none",
      hyper: {},
      start: () => ({ cache: { map: new Map() } }),
      // A step needs no evaluation.
      *step({ x, at, state }) {
        return { x, at, state };
      },
    });
    const { store } = memoryStore();
    await expect(train(line, { ...options, optimizer: odd(), checkpoint: { store } })).rejects.toThrow(
      'checkpoint: "learner/state/cache/map" is an object of Map, which cannot be saved.',
    );
  });
});
