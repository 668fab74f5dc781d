import { describe, expect, it } from "vitest";
import { millisecondsOf } from "../cpu-time.fixture.js";
import { reference } from "../engine/reference.js";
import { defineOptimizer } from "../optimizer/define.js";
import { rate } from "../optimizer/hyper.js";
import { copy } from "../optimizer/slot.js";
import { type Data, tensor } from "../program/data.js";
import type { Dataset, Supervised } from "./dataset.js";
import { type Event, fromNum, type StepEvent } from "./events.js";
import { later } from "./later.fixture.js";
import { gradientDescent, halving, line, listener, points } from "./train.fixture.js";
import { train } from "./train.js";

/** The same descent in plain code. */
function byHand(
  data: Dataset<Supervised>,
  { batchSize, epochs, learningRate, shuffle = true, accumulate = 1 }: Record<string, any>,
): { slope: number; intercept: number; losses: number[] } {
  let [a, b] = [0, 0];
  const losses: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const batches = data.batches({ size: batchSize * accumulate, seed: 0, epoch, shuffle, last: "keep" });
    for (const { x, y, weight } of batches as Iterable<Supervised & { weight?: Data }>) {
      const w = weight?.data ?? new Float64Array(y.data.length).fill(1);
      let [total, loss, da, db] = [0, 0, 0, 0];
      for (let i = 0; i < y.data.length; i++) {
        const error = a * x.data[i]! + b - y.data[i]!;
        total += w[i]!;
        loss += w[i]! * error * error;
        da += 2 * w[i]! * error * x.data[i]!;
        db += 2 * w[i]! * error;
      }
      if (total === 0) continue;
      losses.push(loss / total);
      a -= learningRate * (da / total);
      b -= learningRate * (db / total);
    }
  }
  return { slope: a, intercept: b, losses };
}

const plain = {
  dtype: "float64" as const,
  batchSize: 32,
  epochs: 3,
  optimizer: gradientDescent({ learningRate: 0.1 }),
};

describe("train", () => {
  it("takes the steps that plain code takes, with a ragged last batch", async () => {
    const { events, reporter } = listener();
    const data = points(100);
    const result = await train(line, { ...plain, data, reporters: [reporter] });
    const hand = byHand(data, { ...plain, learningRate: 0.1 });
    expect(result.parameters.slope.data[0]).toBeCloseTo(hand.slope, 12);
    expect(result.parameters.intercept.data[0]).toBeCloseTo(hand.intercept, 12);
    const values = events.filter((event) => event.type === "step").map(({ value }) => fromNum(value));
    expect(values).toHaveLength(12);
    values.forEach((value, i) => expect(value).toBeCloseTo(hand.losses[i]!, 12));
    expect(result).toMatchObject({ steps: 12, epochs: 3, status: { kind: "limit" } });
  });

  it("drops the ragged batch when asked to", async () => {
    const result = await train(line, { ...plain, data: points(100), last: "drop" });
    expect(result.steps).toBe(9);
  });

  it("weighs rows, in steps and in figures", async () => {
    const weight = (row: number) => row % 3;
    const data = points(50, 1, { noise: 0.5, weight });
    const result = await train(line, { ...plain, data, batchSize: 16 });
    const hand = byHand(data, { ...plain, batchSize: 16, learningRate: 0.1 });
    expect(result.parameters.slope.data[0]).toBeCloseTo(hand.slope, 12);
    const [whole] = data.batches({
      size: 50,
      seed: 0,
      epoch: 0,
      shuffle: false,
      last: "keep",
    }) as Iterable<Supervised>;
    let [loss, total] = [0, 0];
    for (let i = 0; i < 50; i++) {
      const error = hand.slope * whole!.x.data[i]! + hand.intercept - whole!.y.data[i]!;
      loss += weight(i) * error ** 2;
      total += weight(i);
    }
    expect(result.value).toBeCloseTo(loss / total, 12);
  });

  it("weighs rows of one part of the data alone", async () => {
    const weight = (row: number) => 1 + (row % 3);
    const weighted = points(40, 2, { noise: 0.5, weight });
    const even = points(40, 2, { noise: 0.5 });
    const data = points(50);
    const both = await train(line, { ...plain, data, validation: weighted, test: even });
    const other = await train(line, {
      ...plain,
      data: points(50, 1, { weight: () => 1 }),
      validation: even,
      test: weighted,
    });
    expect(both.metrics.validation!.loss).toBeCloseTo(other.metrics.test!.loss, 12);
    expect(both.metrics.test!.loss).toBeCloseTo(other.metrics.validation!.loss, 12);
    expect(both.metrics.test!.loss).not.toBeCloseTo(both.metrics.validation!.loss, 3);
  });

  it("learns nothing from a batch whose rows weigh nothing", async () => {
    const data = points(48, 1, { weight: (row) => (row < 16 ? 0 : 1) });
    const result = await train(line, { ...plain, data, batchSize: 16, shuffle: false });
    expect(result.steps).toBe(6);
    expect(result.status.kind).toBe("limit");
    const nothing = points(48, 1, { weight: () => 0 });
    await expect(train(line, { ...plain, data: nothing })).rejects.toThrow(
      'all rows of data "points" weigh 0',
    );
  });

  it.each([2, 3])("joins %i batches into the update of one large batch", async (accumulate) => {
    const data = points(100, 1, { noise: 0.3, weight: (row) => 1 + (row % 4) });
    const { events, reporter } = listener();
    const options = { ...plain, data, batchSize: 16, accumulate, shuffle: false, reporters: [reporter] };
    const result = await train(line, options);
    const hand = byHand(data, { ...options, learningRate: 0.1 });
    expect(result.steps).toBe(hand.losses.length);
    expect(result.parameters.slope.data[0]).toBeCloseTo(hand.slope, 12);
    const values = events.filter((event) => event.type === "step").map(({ value }) => fromNum(value));
    values.forEach((value, i) => expect(value).toBeCloseTo(hand.losses[i]!, 12));
  });

  it("drops batches that do not fill a group, as it does rows", async () => {
    const result = await train(line, {
      ...plain,
      data: points(100),
      batchSize: 16,
      accumulate: 4,
      last: "drop",
    });
    expect(result.steps).toBe(3);
  });

  it("computes in float32 unless told otherwise", async () => {
    const { dtype, ...options } = plain;
    const result = await train(line, { ...options, data: points(64) });
    expect(result.parameters.slope.data).toBeInstanceOf(Float32Array);
    expect(result.engine.dtype).toBe("float32");
  });

  it("takes data that must be waited for", async () => {
    const data = points(100);
    const slow: Dataset<Supervised> = {
      ...data,
      async *batches(options) {
        for await (const batch of data.batches(options)) {
          await new Promise((resolve) => setTimeout(resolve, 1));
          yield batch;
        }
      },
    };
    const [a, b] = await Promise.all([
      train(line, { ...plain, data }),
      train(line, { ...plain, data: slow }),
    ]);
    expect(a.parameters).toEqual(b.parameters);
  });

  it("runs the same on an asynchronous engine", async () => {
    const data = points(100);
    const options = { ...plain, data, validation: points(20, 2) };
    const { notices: _, ...a } = await train(line, { ...options, engine: reference() });
    const b = await train(line, { ...options, engine: later() });
    expect(b.parameters).toEqual(a.parameters);
    expect(b.metrics).toEqual(a.metrics);
  });

  it("evaluates validation data after epochs and test data at the end", async () => {
    const { events, reporter } = listener();
    const data = points(64);
    const result = await train(line, {
      ...plain,
      data,
      validation: points(600, 2),
      test: points(30, 3),
      epochs: 4,
      evaluateEvery: 2,
      reporters: [reporter],
    });
    expect(result.history.map(({ validation }) => validation !== undefined)).toEqual([
      false,
      true,
      false,
      true,
    ]);
    expect(events.filter((event) => event.type === "evaluation")).toHaveLength(1);
    expect(result.history.at(-1)!.validation).toEqual(result.metrics.validation);
    expect(result.metrics.test!.mae).toBeGreaterThan(0);
    // Least squares on points of the line itself: the loss is that of the distance to slope 2 and intercept 1.
    const { slope, intercept } = result.parameters;
    const [whole] = points(600, 2).batches({
      size: 600,
      seed: 0,
      epoch: 0,
      shuffle: false,
      last: "keep",
    }) as Iterable<Supervised>;
    const errors = Array.from(whole!.x.data, (x) => (slope.data[0]! - 2) * x + intercept.data[0]! - 1);
    const mse = errors.reduce((sum, error) => sum + error ** 2, 0) / 600;
    expect(result.metrics.validation!.loss).toBeCloseTo(mse, 12);
  });

  it("gives a schedule that goes over the whole run its number of steps", async () => {
    const { events, reporter } = listener();
    const overRun = Object.assign(() => Number.NaN, {
      forRun: (steps: number) => (step: number) => 0.1 * (1 - step / steps),
    });
    await train(line, {
      ...plain,
      data: points(64),
      optimizer: gradientDescent({ learningRate: overRun }),
      reporters: [reporter],
    });
    const rates = events.filter((event) => event.type === "step").map(({ hyper }) => hyper.learningRate);
    expect(rates).toEqual([0, 1, 2, 3, 4, 5].map((step) => 0.1 * (1 - step / 6)));
    const endless = { ...plain, data: points(64), optimizer: gradientDescent({ learningRate: overRun }) };
    const { epochs, ...timed } = { ...endless, maxTimeMs: 10 };
    await expect(train(line, timed)).rejects.toThrow("length is not known");
  });

  it("shows a schedule the metric that it follows at each evaluation, once", async () => {
    const { events, reporter } = listener();
    const follower = halving(1.5, "validation.loss");
    // As a part of another schedule, and in two places.
    const joined = Object.assign((step: number) => follower(step), { parts: [follower, 1] });
    const two = defineOptimizer({
      name: "two rates",
      paper: "none",
      hyper: { learningRate: rate(0.1), other: rate(0.1) },
      update: ({ gradient }, { learningRate, other }) => ({
        step: learningRate.add(other).mul(gradient).div(2),
      }),
    });
    const result = await train(line, {
      ...plain,
      epochs: 8,
      evaluateEvery: 2,
      data: points(64),
      validation: points(40, 2, { noise: 0.5 }),
      optimizer: two({ learningRate: joined, other: follower }),
      reporters: [reporter],
    });
    const losses = result.history.flatMap(({ validation }) => (validation ? [validation.loss] : []));
    expect(losses).toHaveLength(4);
    expect(follower.seen).toEqual(losses);
    let expected = 1.5;
    const rates = events.flatMap((event) => (event.type === "step" ? [event.hyper.learningRate] : []));
    losses.forEach((loss, i) => {
      expect(rates.slice(4 * i, 4 * i + 4)).toEqual([expected, expected, expected, expected]);
      if (loss > (losses[i - 1] ?? Infinity)) expected /= 2;
    });
    expect(expected).toBeLessThan(1.5);
  });

  it("evaluates the training data for a schedule that follows it", async () => {
    const follower = halving(0.1, "train.loss");
    const options = { ...plain, data: points(64), optimizer: gradientDescent({ learningRate: follower }) };
    const result = await train(line, options);
    expect(follower.seen).toHaveLength(3);
    expect(follower.seen[2]).toBe(result.metrics.train.loss);
  });

  it.each([
    ["validation.loss", "There is no validation data. It can be train.loss, train.mae."],
    ["train.mea", 'Did you mean "train.mae"?'],
  ])("names a metric that a schedule follows and the run lacks: %s", async (monitor, message) => {
    const optimizer = gradientDescent({ learningRate: halving(0.1, monitor) });
    const run = train(line, { ...plain, data: points(64), optimizer });
    await expect(run).rejects.toThrow(
      `train: the monitor of gradient descent's learningRate is "${monitor}".`,
    );
    await expect(run).rejects.toThrow(message);
  });

  it("evaluates and returns the view of a rule that has one", async () => {
    const averaging = defineOptimizer({
      name: "averaging",
      paper: "Polyak 1990",
      hyper: { learningRate: rate(0.1) },
      state: { mean: copy },
      update: ({ gradient, parameter, mean, t }, { learningRate }) => ({
        step: learningRate.mul(gradient),
        mean: mean.add(parameter.sub(learningRate.mul(gradient)).sub(mean).div(t)),
      }),
      view: ({ mean }) => mean,
    });
    const data = points(64);
    const result = await train(line, { ...plain, data, batchSize: "all", epochs: 5, optimizer: averaging() });
    let [a, b, meanA, meanB] = [0, 0, 0, 0];
    for (let t = 1; t <= 5; t++) {
      const { slope, intercept } = stepFrom(data, a, b);
      [a, b] = [slope, intercept];
      meanA += (a - meanA) / t;
      meanB += (b - meanB) / t;
    }
    expect(result.parameters.slope.data[0]).toBeCloseTo(meanA, 12);
    expect(result.parameters.intercept.data[0]).toBeCloseTo(meanB, 12);
  });

  it("gives a loss a key of its own for each batch, and none when it evaluates", async () => {
    const keys: (boolean | undefined)[] = [];
    const noisy = {
      ...line,
      loss: (...[p, batch]: Parameters<typeof line.loss>) => {
        keys.push(batch.key !== undefined);
        const loss = line.loss(p, batch);
        return batch.key ? loss.add(batch.key) : loss;
      },
    };
    const { events, reporter } = listener();
    const result = await train(noisy, { ...plain, data: points(64), reporters: [reporter] });
    const values = events
      .filter((event) => event.type === "step")
      .map(({ value }) => Math.floor(fromNum(value)));
    expect(new Set(values).size).toBe(values.length);
    expect(result.value).toBeLessThan(10);
    expect(new Set(keys)).toEqual(new Set([true, false]));
  });

  it("lets timers have their turn at least every 50 ms", async () => {
    // Of the processor's milliseconds, for the machine that tests may be busy.
    let last = process.cpuUsage();
    let longest = 0;
    const turn = () => {
      longest = Math.max(longest, millisecondsOf(process.cpuUsage(last)));
      last = process.cpuUsage();
    };
    const timer = setInterval(turn, 1);
    const data = points(1000, 1, { noise: 1 });
    const result = await train(line, { ...plain, data, maxTimeMs: 400, epochs: 1e9 });
    clearInterval(timer);
    expect(result).toMatchObject({ status: { kind: "limit", why: expect.stringContaining("400 ms") } });
    turn();
    // Slices are 16 ms, beside which compilers and collectors of garbage run.
    expect(longest).toBeLessThan(100);
  });

  it("tells its events in order", async () => {
    const { events, reporter } = listener();
    const result = await train(line, {
      ...plain,
      data: { ...points(64), notices: ["2 rows were dropped."] },
      validation: points(20, 2),
      epochs: 2,
      coefficients: ({ slope }) => ({ x: slope.data[0]! }),
      reporters: [reporter],
    });
    expect(events.map(({ type }) => type)).toEqual(
      "run-start notice step step epoch step step epoch evaluation run-end".split(" "),
    );
    const steps = events.filter((event): event is StepEvent => event.type === "step");
    expect(steps.map(({ step, epoch }) => [step, epoch])).toEqual([
      [1, 1],
      [2, 1],
      [3, 2],
      [4, 2],
    ]);
    expect(events[0]).toMatchObject({
      type: "run-start",
      seed: 0,
      engine: { dtype: "float64" },
      optimizer: { name: "gradient descent", hyper: { learningRate: 0.1 } },
      model: { name: "line", parameters: { slope: [1], intercept: [] } },
      data: { name: "points", rows: 64, features: ["x"], target: "y" },
      metrics: ["train.loss", "train.mae", "validation.loss", "validation.mae"],
      plan: { batchSize: 32, stepsPerEpoch: 2, epochs: 2, steps: 4 },
      from: 0,
    });
    const end = events.at(-1) as Extract<Event, { type: "run-end" }>;
    expect(Object.keys(end.metrics)).toEqual(["train", "validation"]);
    expect(end).toMatchObject({ status: { kind: "limit" }, steps: 4, epochs: 2 });
    expect(end.coefficients).toEqual({ x: result.parameters.slope.data[0] });
  });

  function stepFrom(data: Dataset<Supervised>, a: number, b: number) {
    const [whole] = data.batches({
      size: data.rows,
      seed: 0,
      epoch: 0,
      shuffle: false,
      last: "keep",
    }) as Iterable<Supervised>;
    const n = data.rows;
    let [da, db] = [0, 0];
    for (let i = 0; i < n; i++) {
      const error = a * whole!.x.data[i]! + b - whole!.y.data[i]!;
      da += (2 * error * whole!.x.data[i]!) / n;
      db += (2 * error) / n;
    }
    return { slope: a - 0.1 * da, intercept: b - 0.1 * db };
  }
});

describe("an option that makes no sense", () => {
  const data = points(10);
  const optimizer = gradientDescent();
  it.each([
    [{}, "nothing ends this run; set epochs, maxSteps or maxTimeMs"],
    [{ epochs: 1.5 }, "epochs = 1.5 is not allowed"],
    [{ epochs: 1, batchSize: 0 }, 'batchSize = 0 is not allowed; expected a whole number from 1 or "all"'],
    [{ epochs: 1, batchSize: 20, last: "drop" }, "10 rows do not fill one step"],
    [{ epochs: 1, gradientTolerance: 1e-3 }, "gradientTolerance needs the gradient of all rows"],
    [{ epochs: 1, resume: true }, "there is no checkpoint to resume from"],
    [{ epoch: 1 }, 'unknown option "epoch". Did you mean "epochs"?'],
    [{ epochs: 1, target: { metric: "validation.loss", value: 1 } }, "There is no validation data."],
    [
      { epochs: 1, earlyStopping: { monitor: "train.lss", patience: 1 } },
      'earlyStopping.monitor is "train.lss". Did you mean "train.loss"? It can be train.loss, train.mae.',
    ],
    [{ epochs: 1, earlyStopping: { monitor: "train.mae", patience: 1 } }, 'mode: "min" or "max"'],
  ])("is refused: %j", async (options, message) => {
    await expect(train(line, { data, optimizer, ...(options as object) })).rejects.toThrow(message);
  });

  it("names the model whose loss is no scalar", async () => {
    const rows = {
      ...line,
      loss: (...[p, b]: Parameters<typeof line.loss>) => line.loss(p, b).broadcastTo([2]),
    };
    await expect(train(rows, { data, optimizer, epochs: 1 })).rejects.toThrow(
      "line: the loss has shape [2]; expected a scalar",
    );
  });

  it("is a model's: metrics without predictions", async () => {
    const { predict: _, ...blind } = line;
    await expect(train(blind, { data, optimizer, epochs: 1 })).rejects.toThrow(
      "line has metrics (mae), but no predict",
    );
  });

  it("names a column that is not as the data declares it", async () => {
    const odd: Dataset<Supervised> = {
      ...data,
      *batches() {
        yield { x: tensor(new Float64Array(20), [10, 2]), y: tensor(new Float64Array(10)) };
      },
    };
    await expect(train(line, { data: odd, optimizer, epochs: 1 })).rejects.toThrow(
      'data "points": column "x" of a batch has shape [10, 2]; expected [10, 1]',
    );
  });
});

describe("mistakes that plain JavaScript allows", () => {
  const options = { data: points(8), optimizer: gradientDescent(), epochs: 1 };

  it.each([
    [{ optimizer: undefined }, "train: there is no optimizer; set one, such as adam()."],
    [{ optimizer: gradientDescent }, "train: optimizer is a function; did you mean gradientDescent()?"],
    [{ engine: reference }, "train: engine is a function; did you mean reference()?"],
    [{ data: undefined }, "train: there is no data; set data to rows to train on."],
  ])("are named: %o", async (mistake, message) => {
    await expect(train(line, { ...options, ...mistake } as unknown as typeof options)).rejects.toThrow(
      new TypeError(message),
    );
  });

  it.each([
    ["the loss", { ...line, loss: () => 3 }, "3"],
    ["the prediction", { ...line, predict: async () => [] }, "an object"],
  ])("are named: %s that is no tensor", async (what, model, found) => {
    await expect(train(model as never, options as never)).rejects.toThrow(
      `line: ${what} is ${found}; expected a traced tensor`,
    );
  });
});

it("asks the model whether it can learn from each part of the data, all rows of it, before the first step", async () => {
  const seen: [number, string][] = [];
  const check = ({ y }: { readonly y: Data }, where: string) => {
    seen.push([y.data.length, where]);
    if (y.data.length === 5) throw new RangeError(`${where}: five are too few.`);
  };
  const { events, reporter } = listener();
  const run = train(
    { ...line, check },
    {
      data: points(40),
      validation: points(8),
      test: points(5),
      optimizer: gradientDescent(),
      epochs: 1,
      reporters: [reporter],
    },
  );
  await expect(run).rejects.toThrow('line on data "points": five are too few.');
  expect(seen.map(([rows]) => rows)).toEqual([40, 8, 5]);
  expect(events).toEqual([]);
});
