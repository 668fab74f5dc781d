import type { Event, FigureEvent, Packed, RunEnd, RunStart } from "@downhill/core/train";

/** Text that would act on a page, a terminal or a reader's eye. */
export const hostile =
  "\u001b[31mred\u001b]0;title\u0007</script><script>alert(1)</script>\r\n\u0000\u009b\u202e'\"&<b>";

export interface Variation {
  readonly value?: number | "NaN";
  readonly status?: "limit" | "diverged" | "stopped";
  /** Every text that may come from data. */
  readonly text?: string;
  readonly from?: number;
}

/** A short run's events. */
export function runEvents(variation: Variation = {}): Event[] {
  const { value = 0.5, text = "plain", from = 0 } = variation;
  const bins = numbers([2, 3], [-1, 0, 5, 0, 1, 3]);
  const events: Event[] = [
    runStart(variation),
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
      evaluations: 2 * step,
      probes: {
        ...{ gradientNorm: 1 / step, stepNorm: 0.1 / step, cosine: step === 3 ? "NaN" : 1 },
        parameterHistograms: { [text]: bins, b: numbers([0, 3], []) },
        gradientHistograms: { [text]: bins },
      },
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
  const metrics = { train: { loss: value, [text]: 0.5 }, [text]: { [text]: 1 } };
  events.push({ type: "evaluation", step: from + 6, epoch: 3, metrics, timeMs: 60 });
  events.push({ type: "checkpoint", step: from + 6, path: `runs/${text}` }, runEnd(variation));
  return events;
}

export function runStart({ text = "plain", from = 0 }: Variation = {}): RunStart {
  return {
    type: "run-start",
    run: text,
    time: "2026-01-02T03:04:05.678Z",
    seed: 1,
    versions: { core: "1.2.3" },
    engine: { name: "js", dtype: "float32", notes: [text] },
    optimizer: { name: text, hyper: { learningRate: 0.1 }, options: { [text]: text } },
    model: { name: text, config: { hidden: [4], [text]: text }, parameters: { [text]: [4, 2] } },
    data: { name: text, rows: 4, features: [text, "b"], target: text, classes: [text, "no"] },
    metrics: ["train.loss", "validation.loss", "validation.accuracy", `validation.${text}`],
    plan: { batchSize: 2, stepsPerEpoch: 2, epochs: 3, steps: 6 },
    from,
  };
}

export function runEnd({ value = 0.5, status = "limit", text = "plain", from = 0 }: Variation = {}): RunEnd {
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

/** A figure of every kind. */
export function figureEvents(text = "plain"): FigureEvent[] {
  const figure = (kind: FigureEvent["kind"], data: FigureEvent["data"]): FigureEvent => ({
    ...{ type: "figure", step: 2, kind, title: text, data },
    labels: { x: text, y: text, path: text, classes: [text, "b"] },
  });
  const classes = { actual: whole([2], [0, 1]), predicted: whole([2], [0, 0]) };
  const grid = { x: numbers([2], [0, 1]), y: numbers([2], [0, 1]) };
  return [
    figure("landscape", {
      ...{ ...grid, z: numbers([2, 2], [0, 1, 2, Infinity]) },
      ...{ path: numbers([2, 2], [0, 0, 1, 1]), gradient: numbers([2, 2], [1, 0, 0, 1]) },
      ...{ momentum: numbers([2, 2], [1, 1, 1, 1]), step: numbers([2, 2], [1, 1, 0, 0]) },
    }),
    figure("fit", {
      ...{ x: numbers([2], [0, 1]), y: numbers([2], [1, 3]), predicted: numbers([2], [1.1, 2.9]) },
      line: numbers([2, 2], [0, 1, 1, 3]),
    }),
    figure("regions", {
      ...{ ...grid, classes: whole([2, 2], [0, 0, 1, 1]) },
      ...{ points: numbers([2, 2], [0.2, 0.3, 0.8, 0.9]), ...classes },
    }),
    figure("confusion", { counts: whole([2, 2], [3, 1, 0, 4]) }),
    figure("samples", {
      ...{ images: numbers([2, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7]), confidence: numbers([2], [0.9, 0.4]) },
      ...classes,
    }),
  ];
}

function numbers(shape: readonly number[], values: readonly number[]): Packed {
  return { dtype: "float64", shape, data: Float64Array.from(values) };
}

function whole(shape: readonly number[], values: readonly number[]): Packed {
  return { dtype: "int32", shape, data: Int32Array.from(values) };
}
