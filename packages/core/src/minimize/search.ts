import { checkEngine } from "../engine/check-engine.js";
import type { Engine, Mode } from "../engine/engine.js";
import type { Work } from "../engine/run.js";
import { checkOptimizer } from "../optimizer/check-optimizer.js";
import { forRun } from "../optimizer/for-run.js";
import { checkNames } from "../optimizer/hyper.js";
import type { Shapes } from "../optimizer/trace.js";
import type { Data } from "../program/data.js";
import type { Floats } from "../program/program.js";
import type { Status } from "../status.js";
import { callbackDescent } from "./callback-descent.js";
import type { Descent } from "./descent.js";
import { count, diverged, judgePoint, limitReached, spentBudget, stalled, stopped } from "./judge.js";
import { methodDescent } from "./method-descent.js";
import { type Callback, isCallback, type Objective } from "./objective.js";
import { checkLimits, type MinimizeOptions, optionNames } from "./options.js";
import type { Result, Step } from "./result.js";
import { ruleDescent } from "./rule-descent.js";
import { asData, likeStart, type Parameters_, type Start, split } from "./start.js";

/** Parameters by name, as they were given. */
export type Starts = Readonly<Record<string, Start>>;

/** Steps between two looks at whether parameters still change. */
const stallInterval = 64;

/** A minimisation under way. */
export interface Search {
  /** Evaluates the current point and moves on, at most so many times; true when the run has ended. */
  advance(most: number): Work<boolean>;
  /** The point evaluated last. */
  look(): Work<Step<Starts>>;
  result(): Work<Result<Starts>>;
  dispose(): void;
}

/** Opens a way down and judges each of its points. */
export function* openSearch(
  f: Objective<Starts> | Callback<Starts>,
  options: MinimizeOptions<Starts, Engine<Mode>>,
  engine: Engine,
): Work<Search> {
  const { start: given, dtype = "float64", seed = 0, signal } = options;
  checkNames("minimize", "option", Object.keys(options), optionNames);
  checkOptimizer("minimize", options.optimizer);
  checkEngine("minimize", engine);
  const limits = checkLimits(options);
  const optimizer = forRun(options.optimizer, limits.maxSteps);
  const start: Record<string, Data> = {};
  for (const [name, value] of Object.entries(given)) start[name] = asData(name, value);
  if (Object.keys(start).length === 0)
    throw new Error("minimize: start has no parameters; expected at least one.");
  if (!engine.dtypes.includes(dtype)) {
    throw new Error(`minimize: engine ${engine.name} has no ${dtype}; it has ${engine.dtypes.join(", ")}.`);
  }
  const shapes: Shapes = Object.fromEntries(Object.entries(start).map(([name, { shape }]) => [name, shape]));
  const descent: Descent & { readonly notes: readonly string[] } =
    optimizer.kind === "method"
      ? yield* methodDescent(optimizer, f, given, start, engine, dtype)
      : isCallback(f)
        ? yield* callbackDescent(optimizer, f, given, start, engine, dtype, seed)
        : yield* ruleDescent(optimizer, f, start, engine, dtype, seed);

  const began = performance.now();
  const history: Step<Starts>[] = [];
  let status: Status | undefined;
  /** Updates made. */
  let steps = 0;
  // The last point with finite figures, which is the one that a diverged run returns.
  let value = Number.NaN;
  let gradientNorm = Number.NaN;
  let reached = 0;

  function* advance(most: number): Work<boolean> {
    for (let i = 0; i < most; i++) {
      const why = descent.stuck !== undefined ? undefined : end();
      const both = why || descent.stuck !== undefined ? undefined : descent.evaluateAndMove;
      if (both) {
        const waiting = both();
        if (waiting) yield waiting;
      } else yield* descent.evaluate();
      if (!accept()) {
        status = diverged(steps, whatIsNotFinite(), gradientNorm);
        return true;
      }
      status = judgePoint(value, gradientNorm, descent.gradientError, limits) ?? why?.();
      if (descent.stuck !== undefined) status ??= stalled(gradientNorm, descent.stuck);
      if (status) return true;
      if (!both && !(yield* descent.move(limits.maxEvaluations))) {
        status = limitReached(count(limits.maxEvaluations, "evaluation"), gradientNorm);
        return true;
      }
      steps++;
      if (steps % stallInterval === 0 && (yield* standsStill())) {
        status = stalled(
          gradientNorm,
          `The parameters are the same as ${stallInterval} and ${2 * stallInterval} steps ago: nothing moves any more, or they go round.`,
        );
        return true;
      }
    }
    return false;
  }
  /** What ends the run before another step, unless the point reached has converged; undefined to go on. */
  function end(): (() => Status) | undefined {
    if (signal?.aborted) return () => stopped(gradientNorm, "The caller's signal stopped the run.");
    const { here, next } = descent.cost;
    const needed = descent.evaluations + here + next;
    const spent = spentBudget(steps, needed, () => performance.now() - began, limits);
    return spent === undefined ? undefined : () => limitReached(spent, gradientNorm);
  }
  /** Takes the figures of the point just evaluated, if they are finite. */
  function accept(): boolean {
    if (!Number.isFinite(descent.value) || !Number.isFinite(descent.gradientNorm)) return false;
    value = descent.value;
    gradientNorm = descent.gradientNorm;
    reached = steps;
    return true;
  }
  const whatIsNotFinite = () =>
    Number.isFinite(descent.value) ? `gradient norm is ${descent.gradientNorm}` : `value is ${descent.value}`;

  let seen: Floats | undefined;
  let unmoved = 0;
  /** Whether the point is the same as one and two intervals ago; once may be chance, as before a warmup. */
  function* standsStill(): Work<boolean> {
    const point = (yield* descent.point()).slice();
    unmoved = seen && point.every((x, i) => x === seen![i]) ? unmoved + 1 : 0;
    seen = point;
    return unmoved === 2;
  }
  const inTheirForm = (numbers: (name: string) => Floats) =>
    Object.fromEntries(
      Object.entries(given).map(([name, form]) => [name, likeStart(form, numbers(name), shapes[name]!)]),
    ) as Parameters_<Starts>;
  function* look(): Work<Step<Starts>> {
    const parts = split(yield* descent.point(), shapes);
    const step = { step: reached, value, gradientNorm, parameters: inTheirForm((name) => parts[name]!) };
    if (options.history && history.at(-1)?.step !== reached) history.push(step);
    return step;
  }
  return {
    advance,
    look,
    *result() {
      const found = Number.isFinite(value);
      // The last point, unless it was looked at.
      const last = found && history.at(-1)?.step !== reached ? yield* look() : history.at(-1);
      return {
        parameters: last?.parameters ?? inTheirForm((name) => start[name]!.data),
        value: found ? value : descent.value,
        gradientNorm: found ? gradientNorm : descent.gradientNorm,
        status: status!,
        steps: reached,
        evaluations: descent.evaluations,
        gradientSource: descent.gradientSource,
        timeMs: performance.now() - began,
        engine: { name: engine.name, dtype, notes: descent.notes },
        ...(options.history && { history }),
      };
    },
    dispose: () => descent.dispose(),
  };
}
