import { describe, expect, it } from "vitest";
import { defineMethod } from "../minimize/define-method.js";
import { defineOptimizer } from "../optimizer/define.js";
import { rate } from "../optimizer/hyper.js";
import { ask } from "../optimizer/method.js";
import { tensor } from "../program/data.js";
import type { Supervised } from "./dataset.js";
import { fromNum } from "./events.js";
import type { Model } from "./model.js";
import { gradientDescent, line, listener, points } from "./train.fixture.js";
import { train } from "./train.js";

const optimizer = gradientDescent({ learningRate: 0.3 });
const full = { dtype: "float64", batchSize: "all", optimizer } as const;

/** Half the mean of squares: the gradient of its slope, at the data's own intercept, is known. */
function gradientNorm(slope: number, intercept: number, rows: number): number {
  const data = points(rows, 1, { noise: 0.5 });
  const [whole] = data.batches({
    size: rows,
    seed: 0,
    epoch: 0,
    shuffle: false,
    last: "keep",
  }) as Iterable<Supervised>;
  let [da, db] = [0, 0];
  for (let i = 0; i < rows; i++) {
    const error = slope * whole!.x.data[i]! + intercept - whole!.y.data[i]!;
    da += (2 * error * whole!.x.data[i]!) / rows;
    db += (2 * error) / rows;
  }
  return Math.hypot(da, db);
}

describe("converged", () => {
  it("is the gradient's norm at the returned parameters, over all rows", async () => {
    const data = points(60, 1, { noise: 0.5 });
    const result = await train(line, { ...full, data, epochs: 1000, gradientTolerance: 1e-8 });
    const { slope, intercept } = result.parameters;
    const norm = gradientNorm(slope.data[0]!, intercept.data[0]!, 60);
    expect(result.status).toMatchObject({ kind: "converged", criterion: "gradient" });
    expect(result.status.achieved).toBeCloseTo(norm, 14);
    expect(norm).toBeLessThanOrEqual(1e-8);
    expect(norm).toBeGreaterThan(1e-9);
  });

  it("is found at the limit too", async () => {
    const data = points(60, 1, { noise: 0.5 });
    const { steps } = await train(line, { ...full, data, epochs: 1000, gradientTolerance: 1e-8 });
    // The last step only found out; the point was reached by the one before.
    const result = await train(line, { ...full, data, epochs: steps - 1, gradientTolerance: 1e-8 });
    expect(result.status.kind).toBe("converged");
    const before = await train(line, { ...full, data, epochs: steps - 2, gradientTolerance: 1e-8 });
    expect(before.status.kind).toBe("limit");
    expect(before.status.achieved).toBeGreaterThan(1e-8);
  });

  it("holds without the loss's noise", async () => {
    const noisy = {
      ...line,
      // While training, the gradient vanishes everywhere; the loss of an evaluation has one.
      loss: (...[p, batch]: Parameters<typeof line.loss>) =>
        batch.key ? line.loss(p, batch).mul(0) : line.loss(p, batch),
    };
    const result = await train(noisy, { ...full, data: points(60), epochs: 20 });
    expect(result.status.kind).toBe("limit");
  });

  it("is never said of the gradient of a batch", async () => {
    const data = points(64);
    const result = await train(line, { ...full, data, batchSize: 16, epochs: 400 });
    expect(result.value).toBeLessThan(1e-20);
    expect(result.status.kind).not.toBe("converged");
  });

  it("is a target reached by a figure of the returned parameters", async () => {
    const target = { metric: "validation.mae", value: 0.01, mode: "min" } as const;
    const options = { ...full, data: points(64), validation: points(40, 2), batchSize: 16, epochs: 100 };
    const result = await train(line, { ...options, target });
    expect(result.status).toMatchObject({ kind: "converged", criterion: "target" });
    expect(result.metrics.validation!.mae).toBe(result.status.achieved);
    expect(result.status.achieved).toBeLessThanOrEqual(0.01);
    expect(result.history.at(-2)!.validation!.mae).toBeGreaterThan(0.01);
  });

  it("may be a target of the training data, evaluated as a whole", async () => {
    const { events, reporter } = listener();
    const target = { metric: "train.loss", value: 1e-3 } as const;
    const result = await train(line, {
      ...full,
      data: points(64),
      batchSize: 16,
      epochs: 100,
      target,
      reporters: [reporter],
    });
    expect(result.status).toMatchObject({ kind: "converged", criterion: "target", achieved: result.value });
    const evaluations = events.filter((event) => event.type === "evaluation");
    expect(evaluations).toHaveLength(result.epochs + 1);
    expect(fromNum(evaluations.at(-1)!.metrics.train!.loss!)).toBe(result.value);
  });
});

describe("early stopping", () => {
  // A rate that grows until descent diverges slowly: the best evaluation lies in between.
  const growing = gradientDescent({ learningRate: (step) => 0.05 * 1.15 ** step });
  const options = {
    ...full,
    optimizer: growing,
    data: points(60, 1, { noise: 0.5 }),
    validation: points(40, 2, { noise: 0.5 }),
    epochs: 60,
  };

  it("returns the parameters of the best evaluation", async () => {
    const result = await train(line, {
      ...options,
      earlyStopping: { monitor: "validation.loss", patience: 4 },
    });
    const losses = result.history.map(({ validation }) => validation!.loss);
    const best = Math.min(...losses);
    expect(result.status).toMatchObject({
      kind: "stopped",
      why: expect.stringContaining("validation.loss was not better for 4"),
    });
    expect(result.best).toEqual({
      value: best,
      step: losses.indexOf(best) + 1,
      epoch: losses.indexOf(best) + 1,
    });
    expect(result.epochs).toBe(result.best!.epoch + 4);
    expect(result.metrics.validation!.loss).toBe(best);
  });

  it("returns the last parameters where it is told to", async () => {
    const earlyStopping = { monitor: "validation.loss", patience: 4, restoreBest: false } as const;
    const result = await train(line, { ...options, earlyStopping });
    expect(result.metrics.validation!.loss).toBe(result.history.at(-1)!.validation!.loss);
    expect(result.metrics.validation!.loss).toBeGreaterThan(result.best!.value);
  });

  it("counts only what is better by minDelta, and knows which way is better", async () => {
    const rise = {
      ...line,
      metrics: { accuracy: (_: unknown, { y }: { y: { data: ArrayLike<number> } }) => y.data.length },
    };
    const earlyStopping = { monitor: "validation.accuracy", mode: "max", patience: 3 } as const;
    const result = await train(rise, { ...options, earlyStopping });
    expect(result).toMatchObject({ epochs: 4, best: { epoch: 1 } });
    const coarse = { monitor: "validation.loss", patience: 3, minDelta: 1e9 } as const;
    expect(await train(line, { ...options, earlyStopping: coarse })).toMatchObject({
      epochs: 4,
      best: { epoch: 1 },
    });
  });
});

describe("diverged", () => {
  const wild = { ...full, optimizer: gradientDescent({ learningRate: 1e60 }) };

  it("returns the last parameters whose loss is known to be finite", async () => {
    const result = await train(line, { ...wild, data: points(60), epochs: 50 });
    expect(result.status).toMatchObject({ kind: "diverged" });
    expect(result.status.why).toMatch(
      /The (loss|gradient norm) is (Infinity|NaN) at step 4; the last parameters known/,
    );
    expect(Number.isFinite(result.value)).toBe(true);
    expect(
      [...result.parameters.slope.data, ...result.parameters.intercept.data].every(Number.isFinite),
    ).toBe(true);
  });

  it("returns the start where the first loss is not finite", async () => {
    const broken = { ...line, loss: (...[p, b]: Parameters<typeof line.loss>) => line.loss(p, b).div(0) };
    const result = await train(broken, { ...full, data: points(60), epochs: 5 });
    expect(result.status).toMatchObject({ kind: "diverged", why: expect.stringContaining("at the start") });
    expect(result.parameters.slope.data[0]).toBe(0);
    expect(result.steps).toBe(1);
  });

  it("is noticed at the end of the run", async () => {
    const jump = gradientDescent({ learningRate: (step) => (step === 5 ? 1e200 : 0.1) });
    const result = await train(line, { ...full, optimizer: jump, data: points(60), epochs: 6 });
    expect(result.status.kind).toBe("diverged");
    expect(result.value).toBeLessThan(1);
  });

  it("returns the best evaluation where there is early stopping", async () => {
    const jump = gradientDescent({ learningRate: (step) => (step === 8 ? 1e300 : 0.1) });
    const options = { ...full, optimizer: jump, data: points(60), validation: points(20, 2), epochs: 20 };
    const result = await train(line, {
      ...options,
      earlyStopping: { monitor: "validation.loss", patience: 50 },
    });
    expect(result.status.kind).toBe("diverged");
    expect(result.metrics.validation!.loss).toBe(result.best!.value);
    expect(result.best!.step).toBe(8);
  });
});

describe("stalled", () => {
  it("is said where steps change no parameter any more", async () => {
    const still = gradientDescent({ learningRate: 0 });
    const result = await train(line, { ...full, optimizer: still, data: points(64), epochs: 1000 });
    expect(result).toMatchObject({
      status: { kind: "stalled", why: expect.stringContaining("The last 128 steps changed no parameter") },
      steps: 128,
    });
    const batches = await train(line, {
      ...full,
      optimizer: still,
      data: points(64),
      batchSize: 1,
      epochs: 1000,
    });
    expect(batches).toMatchObject({ status: { kind: "stalled" }, epochs: 2 });
  });

  it("is said where a method cannot go on from all rows, not from some", async () => {
    const lost = defineMethod({
      name: "lost",
      paper: "none",
      hyper: {},
      start: () => 0,
      *step({ x, at, state }) {
        yield* ask.value(x);
        return state < 3
          ? {
              x: x.clone().axpy(-0.1, at.gradient),
              at: yield* ask.gradient(x.clone().axpy(-0.1, at.gradient)),
              state: state + 1,
            }
          : { x, at, state, stalled: "There is no way down." };
      },
    });
    const result = await train(line, { ...full, optimizer: lost(), data: points(64), epochs: 1000 });
    expect(result).toMatchObject({
      status: { kind: "stalled", why: expect.stringContaining("There is no way down") },
      steps: 4,
    });
    const some = await train(line, {
      ...full,
      optimizer: lost(),
      data: points(64),
      batchSize: 32,
      epochs: 5,
    });
    expect(some).toMatchObject({ status: { kind: "limit" }, steps: 10 });
  });
});

describe("a limit", () => {
  it.each([
    [{ epochs: 3 }, "3 epochs", 6],
    [{ maxSteps: 5 }, "5 steps", 5],
    [{ epochs: 1, maxSteps: 5 }, "1 epoch", 2],
    [{ epochs: 0 }, "0 epochs", 0],
  ])("ends the run: %j", async (limits, what, steps) => {
    const result = await train(line, { ...full, data: points(64), batchSize: 32, ...limits });
    expect(result).toMatchObject({
      steps,
      status: { kind: "limit", why: expect.stringContaining(`The limit of ${what} is reached`) },
    });
    expect(result.status.achieved).toBe(result.value);
  });
});

describe("a run", () => {
  const options = { ...full, data: points(64, 1, { noise: 1 }), batchSize: 16, epochs: 1e6 };

  it("is stopped by its caller", async () => {
    const run = train(line, options);
    setTimeout(() => run.stop(), 20);
    expect((await run).status).toMatchObject({
      kind: "stopped",
      why: expect.stringContaining("The caller stopped the run"),
    });
  });

  it("is stopped by a signal", async () => {
    const controller = new AbortController();
    const { reporter } = listener({ on: ({ type }) => type === "step" && controller.abort() });
    const result = await train(line, { ...options, signal: controller.signal, reporters: [reporter] });
    expect(result.status).toMatchObject({ kind: "stopped", why: expect.stringContaining("signal") });
    expect(result.steps).toBe(1);
  });

  it("waits for the loop that looks at its steps, and ends with it", async () => {
    const run = train(line, options);
    const seen: number[] = [];
    for await (const { step, epoch, value } of run) {
      expect(epoch).toBe(Math.ceil(step / 4));
      expect(value).toBeGreaterThan(0);
      seen.push(step);
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (step === 7) break;
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await run).toMatchObject({
      steps: 7,
      status: { kind: "stopped", why: expect.stringContaining("left the loop") },
    });
  });

  it("shows every step to a loop that does not leave", async () => {
    let steps = 0;
    const run = train(line, { ...options, epochs: 3 });
    for await (const { step } of run) steps = step;
    expect(steps).toBe(12);
    expect((await run).steps).toBe(12);
  });

  it("throws its error at the loop", async () => {
    const run = train(line, { ...options, epochs: -1 });
    await expect(async () => {
      for await (const _ of run);
    }).rejects.toThrow("epochs = -1");
  });
});

describe("a rule that uses the loss", () => {
  it("gets the joined loss of accumulated batches", async () => {
    const polyak = defineOptimizer({
      name: "polyak",
      paper: "Polyak 1987",
      hyper: { floor: rate(0) },
      update: ({ gradient, value }, { floor }) => ({ step: gradient.mul(value.sub(floor)).mul(0.05) }),
    });
    const bowl: Model<Supervised> = {
      name: "bowl",
      config: null,
      init: () => ({ a: tensor(Float64Array.of(1), []) }),
      loss: ({ a }, { y }) => a!.mul(y).square().mean(),
    };
    const data = points(40);
    const [one, joined] = await Promise.all([
      train(bowl, { ...full, optimizer: polyak(), data, batchSize: 40, shuffle: false, maxSteps: 3 }),
      train(bowl, {
        ...full,
        optimizer: polyak(),
        data,
        batchSize: 10,
        accumulate: 4,
        shuffle: false,
        maxSteps: 3,
      }),
    ]);
    expect(joined.parameters.a!.data[0]).toBeCloseTo(one.parameters.a!.data[0]!, 13);
    expect(one.parameters.a!.data[0]).not.toBe(1);
  });
});
