import type { Event, Reporter } from "@downhill/core/train";
import { type Check, require } from "./check.js";

/** A reporter to look at, with all that it has written so far, as text. */
export interface ReporterSubject {
  readonly reporter: Reporter;
  readonly written: () => string | Promise<string>;
  /** What it writes is read as plain text, where markup means nothing. Default false. */
  readonly plainText?: boolean;
}

const hostile = "\u001b[31mred\u001b]0;title\u0007</script><script>alert(1)</script>\r\n\u0000\u202e'\"&<b>";

/** What must hold of a reporter; each check gets a fresh subject. */
export const reporterSuite: readonly Check<() => ReporterSubject>[] = [
  {
    title: "has a name and declares what it wants from the probes there are",
    run(make) {
      const { name, wants = {} } = make().reporter;
      require(name !== "", "a reporter must have a name.");
      const known = [
        "gradientNorm",
        "stepNorm",
        "cosine",
        "parameterHistograms",
        "gradientHistograms",
        "parameters",
      ];
      for (const probe of Object.keys(wants)) require(known.includes(probe), `"${probe}" is no probe.`);
    },
  },
  ...Object.entries({
    "an ordinary run": run({}),
    "a run that diverges": run({ value: "NaN", status: "diverged" }),
    "a run without epochs, stopped at once": [start({}), end({ status: "stopped" })],
    "hostile names": run({ text: hostile }),
    "a resumed run": run({ from: 4 }),
    "figures of every kind": [start({}), ...figures(hostile), end({})],
  }).map(([what, events]) => ({
    title: `takes ${what} without throwing`,
    async run(make: () => ReporterSubject) {
      const { reporter } = make();
      for (const event of events) reporter.on(event);
      await reporter.end?.(1000);
    },
  })),
  {
    title: "writes nothing after its end",
    async run(make) {
      const { reporter, written } = make();
      for (const event of run({})) reporter.on(event);
      await reporter.end?.(1000);
      const before = await written();
      await new Promise((resolve) => setTimeout(resolve, 150));
      require((await written()) === before, "something was written after the end.");
    },
  },
  {
    title: "lets no text from data act as markup or as a terminal's command",
    async run(make) {
      const { reporter, written, plainText = false } = make();
      for (const event of [start({ text: hostile }), ...figures(hostile), ...run({ text: hostile }).slice(1)])
        reporter.on(event);
      await reporter.end?.(1000);
      const text = await written();
      require(plainText || !text.includes("<script>alert(1)"), "a class name became markup.");
      require(!text.includes("\u001b[31mred") &&
        !text.includes("\u001b]0;title"), "a class name became a terminal's command.");
      require(!text.includes("\u202e"), "a name may turn the direction of writing around.");
    },
  },
  {
    title: "leaves events as they are",
    async run(make) {
      const { reporter } = make();
      const events = run({});
      const before = JSON.stringify(events);
      for (const event of events) reporter.on(deepFreeze(event));
      await reporter.end?.(1000);
      require(JSON.stringify(events) === before, "an event was changed.");
    },
  },
];

interface Variation {
  readonly value?: number | "NaN";
  readonly status?: "limit" | "diverged" | "stopped";
  readonly text?: string;
  readonly from?: number;
}

/** A short run's events. */
function run(variation: Variation): Event[] {
  const { value = 0.5, text = "plain", from = 0 } = variation;
  const events: Event[] = [
    start(variation),
    { type: "notice", level: "warning", message: `Something about ${text}.` },
  ];
  for (let step = from + 1; step <= from + 6; step++) {
    const epoch = Math.ceil(step / 2);
    events.push({
      type: "step",
      step,
      epoch,
      value: step === from + 6 ? value : 1 / step,
      hyper: { learningRate: 0.1, [text]: "Infinity" },
      probes: { gradientNorm: 1 / step },
      timeMs: step * 10,
    });
    if (step % 2 === 0) {
      events.push({
        type: "epoch",
        epoch,
        step,
        metrics: { train: { loss: 1 / step }, validation: { loss: 2 / step, accuracy: 0.9, [text]: 1 } },
        timeMs: step * 10,
      });
    }
  }
  events.push({ type: "checkpoint", step: from + 6, path: `runs/${text}` }, end(variation));
  return events;
}

function start({ text = "plain", from = 0 }: Variation): Event {
  return {
    type: "run-start",
    run: text,
    time: "2026-01-02T03:04:05.678Z",
    seed: 1,
    versions: { core: "1.2.3" },
    engine: { name: "js", dtype: "float32", notes: [text] },
    optimizer: { name: text, hyper: { learningRate: 0.1 }, options: {} },
    model: { name: text, config: { hidden: [4] }, parameters: { [text]: [4, 2] } },
    data: { name: text, rows: 4, features: [text, "b"], target: text, classes: [text, "no"] },
    plan: { batchSize: 2, stepsPerEpoch: 2, epochs: 3, steps: 6 },
    from,
  };
}

function end({ value = 0.5, status = "limit", text = "plain", from = 0 }: Variation): Event {
  return {
    type: "run-end",
    status: { kind: status, achieved: Number(value), why: `Because of ${text}.` },
    value,
    metrics: { train: { loss: value, [text]: 1 }, test: { accuracy: 0.75 } },
    steps: from + 6,
    epochs: 3,
    timeMs: 60,
    coefficients: { [text]: 1.5, intercept: "NaN" },
  };
}

function figures(text: string): Event[] {
  const numbers = (shape: number[], values: number[]) => ({
    dtype: "float64" as const,
    shape,
    data: Float64Array.from(values),
  });
  return [
    {
      type: "figure",
      step: 1,
      kind: "landscape",
      title: text,
      data: {
        x: numbers([2], [0, 1]),
        y: numbers([2], [0, 1]),
        z: numbers([2, 2], [0, 1, 2, 3]),
        path: numbers([2, 2], [0, 0, 1, 1]),
      },
      labels: { x: text, y: text },
    },
    {
      type: "figure",
      step: 2,
      kind: "confusion",
      title: text,
      data: { counts: numbers([2, 2], [3, 1, 0, 4]) },
      labels: { classes: [text, "b"] },
    },
  ];
}

/** Freezes an event all the way down, but for its typed arrays, which cannot be. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
