import type { Engine, Mode } from "../engine/engine.js";
import type { Callback, Objective } from "../minimize/objective.js";
import type { MinimizeOptions } from "../minimize/options.js";
import type { Result, Step } from "../minimize/result.js";
import type { Starts } from "../minimize/search.js";
import { asData } from "../minimize/start.js";
import type { Optimizer } from "../optimizer/optimizer.js";
import { type Setting, valueAt } from "../optimizer/schedule.js";
import { mapValues } from "../record/map-values.js";
import { describeHyper } from "./announce.js";
import { type Event, type Num, type StepEvent, toNum } from "./events.js";
import { landscapeFigure, type View, type Way } from "./landscape-figure.js";
import { createSlope } from "./slope.js";
import { version } from "./version.js";

/** What is to be said of a minimisation besides its result. */
export interface MinimizationInfo {
  /** What was minimised. Default "objective". */
  readonly problem?: string;
  /** Name of the run. Default the optimizer's. */
  readonly run?: string;
  /** Part of the landscape to show, of two parameters that are numbers. Default what the path needs. */
  readonly view?: View;
  /** When it began. Default as long ago as it took. */
  readonly time?: Date;
}

/**
 * What `minimize` did, as the events that reports are made of: each step with its norms, and, of two parameters that are
 * numbers, the landscape with the path over it, gradients, momentum and steps. `f` and `options` are those that
 * `minimize` was given; throws unless they asked for `history`. Evaluates `f` again, for its gradients and the landscape.
 */
export function minimizationEvents<const P extends Starts>(
  f: Objective<NoInfer<P>> | Callback<NoInfer<P>>,
  options: MinimizeOptions<P, Engine<Mode>>,
  result: Result<P>,
  info: MinimizationInfo = {},
): Event[] {
  const { history } = result;
  if (history === undefined) {
    throw new Error("minimizationEvents: the result has no history; call minimize with history: true.");
  }
  const { optimizer, start, seed = 0, maxSteps } = options;
  const { problem = "objective", run = optimizer.name } = info;
  const { time = new Date(Date.now() - result.timeMs) } = info;
  const slope = createSlope(f as Objective<Starts> | Callback<Starts>, start);
  const rows = history.map(({ parameters }) => slope.rowOf(parameters as Starts));
  const gradients = rows.map((row) => slope.gradient(row));
  const way = { rows, gradients, seed };
  const figure = landscapeFigure(slope, optimizer, way, { title: problem, ...info });
  slope.dispose();
  return [
    {
      type: "run-start",
      run,
      time: time.toISOString(),
      seed,
      versions: { "@downhill/core": version },
      engine: result.engine,
      optimizer: { name: optimizer.name, hyper: describeHyper(optimizer), options: optimizer.options },
      model: {
        name: problem,
        config: null,
        parameters: mapValues(start, (given, name) => asData(name, given).shape),
      },
      data: { name: problem, rows: 0, features: [], target: "" },
      plan: { batchSize: 0, stepsPerEpoch: 0, ...(maxSteps !== undefined && { steps: maxSteps }) },
      from: 0,
    },
    ...stepEvents(optimizer, history, way),
    ...(figure ? [figure] : []),
    {
      type: "run-end",
      status: result.status,
      value: toNum(result.value),
      metrics: {},
      steps: result.steps,
      epochs: 0,
      evaluations: result.evaluations,
      timeMs: result.timeMs,
    },
  ];
}

/** A step for each point but the last, told at the point that it was made from. */
function stepEvents(
  { settings }: Optimizer<any>,
  history: readonly Step<unknown>[],
  { rows, gradients }: Way,
): StepEvent[] {
  return history.slice(0, -1).map(({ step, value, gradientNorm, evaluations, timeMs }, k) => {
    const moved = rows[k + 1]!.map((x, i) => x - rows[k]![i]!);
    const stepNorm = Math.hypot(...moved);
    const downhill = -moved.reduce((sum, x, i) => sum + x * gradients[k]![i]!, 0);
    const cosine = downhill / (stepNorm * gradientNorm);
    return {
      type: "step",
      step: step + 1,
      epoch: 0,
      value: toNum(value),
      hyper: mapValues(
        settings as Readonly<Record<string, Setting>>,
        (setting): Num => toNum(valueAt(setting, step)),
      ),
      evaluations,
      probes: { gradientNorm: toNum(gradientNorm), stepNorm: toNum(stepNorm), cosine: toNum(cosine) },
      timeMs,
    };
  });
}
