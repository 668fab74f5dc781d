import { describe, expect, it, vi } from "vitest";
import type { EvaluationEvent, Event, Probe, StepEvent } from "./events.js";
import { histogram } from "./histogram.js";
import type { Reporter } from "./reporter.js";
import { backtracking, gradientDescent, line, listener, points } from "./train.fixture.js";
import { train } from "./train.js";

const options = {
  data: points(64, 1, { noise: 0.5 }),
  optimizer: gradientDescent({ learningRate: 0.1 }),
  dtype: "float64",
  batchSize: 16,
} as const;
const steps = (events: readonly Event[]) =>
  events.filter((event): event is StepEvent => event.type === "step");

describe("reporters", () => {
  it("get steps as often as they ask for, and the last one", async () => {
    const third = listener({ steps: { every: 3 } });
    const rare = listener({ steps: { everyMs: 1e9 } });
    const usual = listener();
    const { steps: _, ...unspecified } = usual.reporter;
    // The usual rate goes by the clock, which stands still here.
    const clock = vi.spyOn(performance, "now").mockReturnValue(1000);
    await train(line, { ...options, epochs: 5, reporters: [third.reporter, rare.reporter, unspecified] });
    clock.mockRestore();
    expect(steps(third.events).map(({ step }) => step)).toEqual([1, 3, 6, 9, 12, 15, 18, 20]);
    expect(steps(rare.events).map(({ step }) => step)).toEqual([1, 20]);
    expect(steps(usual.events).map(({ step }) => step)).toEqual([1, 20]);
    expect(steps(rare.events).at(-1)).toMatchObject({ epoch: 5, value: steps(third.events).at(-1)!.value });
  });

  it("hear of epochs of one step as often as of steps", async () => {
    const { events, reporter } = listener({ steps: { every: 4 } });
    await train(line, { ...options, batchSize: "all", epochs: 10, reporters: [reporter] });
    const epochs = events.filter((event) => event.type === "epoch").map(({ epoch }) => epoch);
    expect(epochs).toEqual([1, 4, 8, 10]);
  });

  it("are dropped with a notice when they throw, at once or later, and the run goes on", async () => {
    const failing: Reporter = {
      name: "failing",
      steps: "always",
      on: vi.fn((event: Event) => {
        if (event.type === "step") throw new Error("The pen is broken.");
      }),
    };
    const late: Reporter = { name: "late", on: (() => Promise.reject(new Error("Too late."))) as never };
    const { events, reporter } = listener();
    const run = train(line, { ...options, epochs: 3, reporters: [failing, late, reporter] });
    for await (const _ of run);
    const result = await run;
    expect(failing.on).toHaveBeenCalledTimes(2);
    const notices = events.filter((event) => event.type === "notice");
    expect(new Set(notices.map(({ message }) => message))).toEqual(
      new Set([
        "Reporter failing failed at step: The pen is broken. It is dropped.",
        "Reporter late failed at run-start: Too late. It is dropped.",
      ]),
    );
    expect(result.notices).toEqual(notices.map(({ message }) => message));
    expect(result.status.kind).toBe("limit");
  });

  it("are dropped, once, when their calls hold the run up; those that are only frequent are not", async () => {
    let now = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
    const taking = (name: string, ms: number) => {
      const on = vi.fn(() => void (now += ms));
      const end = vi.fn();
      return { name, steps: "always", on, end } as const;
    };
    const [slow, frequent] = [taking("slow", 600), taking("frequent", 0.9)];
    const { events, reporter } = listener();
    const reporters = [slow, frequent, reporter];
    const result = await train(line, { ...options, epochs: 500, reporters });
    clock.mockRestore();
    const told = ["Reporter slow is too slow: it has held the run up for 1.2 s. It is dropped."];
    expect(result.notices).toEqual(told);
    expect(events.flatMap((event) => (event.type === "notice" ? [event.message] : []))).toEqual(told);
    expect([slow.on, slow.end, frequent.end].map((called) => called.mock.calls.length)).toEqual([2, 0, 1]);
    expect(frequent.on.mock.calls.length).toBeGreaterThan(2000);
    expect(steps(events)).toHaveLength(2000);
  });

  it("may take longer now and then, the longer a run the more", async () => {
    let now = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
    // A step of 0.9 ms, and every hundredth takes eight more: a twelfth of the time, 1.6 s in all.
    const time: Reporter = { name: "time", steps: "always", on: () => void (now += 0.9) };
    const heavy: Reporter = {
      name: "heavy",
      steps: { every: 100 },
      on: ({ type }) => void (now += type === "step" ? 8 : 0),
    };
    const result = await train(line, { ...options, epochs: 5000, reporters: [time, heavy] });
    clock.mockRestore();
    expect(now).toBeGreaterThan(19_000);
    expect(result.notices).toEqual([]);
  });

  it("have their time to end, and nothing is told after run-end", async () => {
    const calls: string[] = [];
    const slow: Reporter = {
      name: "slow",
      on: (event) => calls.push(event.type),
      end: async (timeoutMs) => {
        calls.push(`end ${timeoutMs}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
        calls.push("ended");
      },
    };
    await train(line, { ...options, epochs: 1, reporters: [slow] });
    expect(calls.slice(-3)).toEqual(["run-end", "end 5000", "ended"]);
  });

  it("that never end are left behind", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      let ended = () => {};
      const stuck: Reporter = {
        name: "stuck",
        on: ({ type }) => type === "run-end" && ended(),
        end: () => new Promise(() => {}),
      };
      const atTheEnd = new Promise<void>((resolve) => {
        ended = resolve;
      });
      const run = train(line, { ...options, epochs: 1, reporters: [stuck] });
      const result = run.then((end) => end);
      await atTheEnd;
      await new Promise((resolve) => setImmediate(resolve));
      await vi.advanceTimersByTimeAsync(5000);
      expect((await result).notices).toEqual([
        "Reporter stuck failed to end: it took longer than 5000 ms. It is dropped.",
      ]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("are let go when the run fails", async () => {
    const end = vi.fn();
    const run = train(line, {
      ...options,
      epochs: 1,
      resume: true,
      reporters: [{ name: "a", on: () => {}, end }],
    });
    await expect(run).rejects.toThrow();
    expect(end).toHaveBeenCalledTimes(1);
  });
});

describe("metrics of the training data", () => {
  // Which epochs they are told for depends on the time they take; a share of 1 allows as much as all the rest.
  it("are told while the run lasts, after as many epochs as take little time, to those who want them", async () => {
    const curious = listener({ trainMetrics: 1 });
    const plain = listener();
    const epochs = 400;
    const { reporter } = curious;
    const run = await train(line, { ...options, epochs, reporters: [reporter, plain.reporter] });
    const evaluations = (events: readonly Event[]) => events.filter(({ type }) => type === "evaluation");
    expect(evaluations(plain.events)).toHaveLength(1);
    const told = evaluations(curious.events) as EvaluationEvent[];
    expect(told.length).toBeGreaterThan(5);
    expect(told[0]).toMatchObject({ step: 4, epoch: 1 });
    expect(Object.keys(told[0]!.metrics)).toEqual(["train"]);
    expect(Object.keys(told[0]!.metrics.train!)).toEqual(["loss", "mae"]);
    expect(Number(told.at(-1)!.metrics.train!.loss)).toBe(run.value);
  });

  it("are those of the parameters at the epoch's end, and change nothing that is learned", async () => {
    const asking = { ...options, epochs: 3, batchSize: "all", gradientTolerance: 0 } as const;
    const { events, reporter } = listener({ trainMetrics: 1 });
    const told = await train(line, { ...asking, reporters: [reporter] });
    const silent = await train(line, asking);
    expect(told.parameters).toEqual(silent.parameters);
    // The loss before a step is the one that was found after the step before.
    const losses = events.flatMap((event) =>
      event.type === "evaluation" && event.step < 3 ? [[event.step + 1, event.metrics.train!.loss]] : [],
    );
    expect(losses.length).toBeGreaterThan(0);
    for (const [step, loss] of losses)
      expect(steps(events).find((event) => event.step === step)!.value).toBeCloseTo(Number(loss), 12);
  });
});

describe("probes", () => {
  it("that come by the clock more rarely bring those that come more often: no other sets are measured", async () => {
    let now = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
    const wants = { gradientNorm: { everyMs: 4 }, parameterHistograms: { everyMs: 10 } } as const;
    const { events, reporter } = listener({ steps: { everyMs: 7 }, wants });
    const tick: Reporter = {
      name: "tick",
      steps: "always",
      on: ({ type }) => void (now += type === "step" ? 1 : 0),
    };
    await train(line, { ...options, epochs: 8, reporters: [reporter, tick] });
    clock.mockRestore();
    const measured = steps(events).map(({ step, probes }) => [step, ...Object.keys(probes ?? {})]);
    expect(measured).toEqual([
      [1, "gradientNorm", "parameterHistograms"],
      [5, "gradientNorm"],
      [8, "gradientNorm"],
      [11, "gradientNorm", "parameterHistograms"],
      [15, "gradientNorm"],
      [18, "gradientNorm"],
      [21, "gradientNorm", "parameterHistograms"],
      [25, "gradientNorm"],
      [28, "gradientNorm"],
      [31, "gradientNorm", "parameterHistograms"],
      [32],
    ]);
  });

  const measure = async (wants: Reporter["wants"] & {}, more: object = {}) => {
    const { events, reporter } = listener({ wants });
    await train(line, { ...options, epochs: 2, reporters: [reporter], ...more });
    return steps(events);
  };

  it("are measured when they are due, and not told otherwise", async () => {
    const measured = await measure({ gradientNorm: { every: 3 }, stepNorm: "always" });
    expect(measured.map(({ probes }) => Object.keys(probes!))).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((step) =>
        step === 1 || step % 3 === 0 ? ["gradientNorm", "stepNorm"] : ["stepNorm"],
      ),
    );
    expect((await measure({})).every(({ probes }) => probes === undefined)).toBe(true);
  });

  it("that go by the clock wait for a step with as many rows as most", async () => {
    let now = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => (now += 10));
    const more = { data: points(40, 1), epochs: 6 };
    const rare = await measure({ gradientNorm: { everyMs: 15 } }, more);
    const every = await measure({ gradientNorm: { every: 3 } }, more);
    clock.mockRestore();
    // Batches of 16, 16 and 8 rows.
    const at = (told: readonly StepEvent[]) => told.flatMap(({ step, probes }) => (probes ? [step] : []));
    expect(at(rare).every((step) => step % 3 !== 0)).toBe(true);
    expect(at(rare).length).toBeGreaterThan(6);
    expect(at(every)).toEqual([1, 3, 6, 9, 12, 15, 18]);
  });

  it.each([
    ["a rule", {}],
    ["accumulated batches", { accumulate: 2 }],
    ["a method", { optimizer: backtracking() }],
  ])("are right for %s", async (_, more) => {
    const all: Probe[] = [
      "gradientNorm",
      "stepNorm",
      "cosine",
      "parameters",
      "parameterHistograms",
      "gradientHistograms",
    ];
    const measured = await measure(Object.fromEntries(all.map((probe) => [probe, "always"])), more);
    let before = { slope: 0, intercept: 0 };
    for (const { probes } of measured) {
      const { parameters, gradientHistograms, parameterHistograms } = probes as Record<
        string,
        Record<string, any>
      >;
      const now = { slope: parameters!.slope.data[0], intercept: parameters!.intercept.data[0] };
      const moved = Math.hypot(now.slope - before.slope, now.intercept - before.intercept);
      expect(probes!.stepNorm).toBeCloseTo(moved, 12);
      // Plain descent goes along the negative gradient.
      expect(probes!.cosine).toBeCloseTo(1, 12);
      const g = Math.hypot(gradientHistograms!.slope.data[0], gradientHistograms!.intercept.data[0]);
      expect(probes!.gradientNorm).toBeCloseTo(g, 12);
      if (!("optimizer" in more)) expect(moved).toBeCloseTo(0.1 * g, 12);
      expect(parameterHistograms!.slope).toEqual({
        dtype: "float64",
        shape: [1, 3],
        data: Float64Array.of(now.slope, now.slope, 1),
      });
      before = now;
    }
    expect(measured.length).toBeGreaterThan(3);
  });

  it("do not change what is learned", async () => {
    const plain = await train(line, { ...options, epochs: 4 });
    const { reporter } = listener({
      wants: { gradientNorm: "always", gradientHistograms: { every: 2 }, cosine: "always" },
    });
    const probed = await train(line, { ...options, epochs: 4, reporters: [reporter] });
    expect(probed.parameters).toEqual(plain.parameters);
  });
});

describe("steps", () => {
  it.each([
    ["a rule: the batches", {}, 1],
    ["batches that are joined: each of them", { accumulate: 2 }, 2],
  ])("tell how many evaluations were made; of %s", async (_, more, each) => {
    const { events, reporter } = listener();
    await train(line, { ...options, ...more, epochs: 2, reporters: [reporter] });
    expect(steps(events).map(({ step, evaluations }) => evaluations! / step)).toEqual(
      steps(events).map(() => each),
    );
  });

  it("tell how many evaluations were made; of a method: those it asked for, also after it goes on", async () => {
    const whole = listener();
    let evaluations = 0;
    const counted = {
      ...backtracking(),
      *step(...args: Parameters<ReturnType<typeof backtracking>["step"]>) {
        const asking = backtracking().step(...args);
        for (let next = asking.next(); ; ) {
          if (next.done) return next.value;
          evaluations++;
          next = asking.next((yield next.value) as never);
        }
      },
    } as ReturnType<typeof backtracking>;
    const asked = {
      ...options,
      optimizer: counted,
      batchSize: "all",
      epochs: 6,
      gradientTolerance: 0,
    } as const;
    await train(line, { ...asked, reporters: [whole.reporter] });
    const told = steps(whole.events).map((event) => event.evaluations!);
    expect(told[0]).toBe(1);
    // The last step's own are not among them yet.
    expect(told.at(-1)).toBeLessThan(1 + evaluations);
    expect(told.every((count, i) => i === 0 || count >= told[i - 1]! + 2)).toBe(true);

    let snapshot: Uint8Array | undefined;
    const store = {
      name: "memory",
      save: async (bytes: Uint8Array) => void (snapshot = bytes.slice()),
      load: async () => snapshot,
    };
    await train(line, { ...asked, epochs: 3, checkpoint: { store, everySteps: 3 } });
    const rest = listener();
    const resume = { checkpoint: { store }, resume: true, reporters: [rest.reporter] };
    await train(line, { ...asked, ...resume }).then(undefined, () => {});
    expect(steps(rest.events).map((event) => event.evaluations)).toEqual(told.slice(3));
  });
});

describe("histogram", () => {
  it("counts finite numbers in equally wide bins from the least to the largest", () => {
    const values = Float64Array.of(0, 1, 1.9, 2, 4, NaN, Infinity);
    expect(histogram(values, 4)).toEqual({
      dtype: "float64",
      shape: [4, 3],
      data: Float64Array.of(0, 1, 1, 1, 2, 2, 2, 3, 1, 3, 4, 1),
    });
    expect(histogram(Float32Array.of(NaN)).shape).toEqual([0, 3]);
  });
});
