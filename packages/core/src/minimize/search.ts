import { checkEngine } from "../engine/check-engine.js";
import type { Engine, Mode } from "../engine/engine.js";
import type { Work } from "../engine/run.js";
import { checkOptimizer } from "../optimizer/check-optimizer.js";
import { forRun } from "../optimizer/for-run.js";
import { checkNames } from "../optimizer/hyper.js";
import type { Floats } from "../program/program.js";
import { split } from "../program/split.js";
import { mapValues } from "../record/map-values.js";
import type { Status } from "../status.js";
import { callbackDescent } from "./callback-descent.js";
import type { Descent } from "./descent.js";
import { count, diverged, ended, judgePoint, limitReached, spentBudget } from "./judge.js";
import { type Callback, isCallback, type Objective } from "./objective.js";
import { checkLimits, type MinimizeOptions, optionNames } from "./options.js";
import type { Result, Step } from "./result.js";
import { ruleDescent } from "./rule-descent.js";
import { asData, likeStart, type Parameters_, type Start } from "./start.js";

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
  const start = mapValues(given, (value, name) => asData(name, value));
  if (Object.keys(start).length === 0)
    throw new Error("minimize: start has no parameters; expected at least one.");
  if (!engine.dtypes.includes(dtype)) {
    throw new Error(`minimize: engine ${engine.name} has no ${dtype}; it has ${engine.dtypes.join(", ")}.`);
  }
  const shapes = mapValues(start, ({ shape }) => shape);
  const problem = { f, given, start, shapes, engine, dtype, seed };
  const descent: Descent =
    optimizer.kind === "method"
      ? yield* optimizer.descend(optimizer, problem)
      : yield* (isCallback(f) ? callbackDescent : ruleDescent)(optimizer, problem);

  const began = performance.now();
  const timeMs = () => performance.now() - began;
  const history: Step<Starts>[] = [];
  let status: Status | undefined;
  /** Updates made. */
  let steps = 0;
  /** The last point with finite figures, which is the one that a diverged run returns. */
  const last = { step: 0, evaluations: 0, value: NaN, gradientNorm: NaN };

  function* advance(most: number): Work<boolean> {
    for (let i = 0; i < most; i++) {
      const why = end();
      const both = why ? undefined : descent.evaluateAndMove;
      if (both) {
        const waiting = both();
        if (waiting) yield waiting;
      } else yield* descent.evaluate();
      if (!accept()) return finish(diverged(steps, descent, last.gradientNorm));
      const ending = judgePoint(last, descent.gradientError, limits) ?? why?.();
      if (ending) return finish(ending);
      if (!both && !(yield* descent.move(limits.maxEvaluations))) {
        return finish(limitReached(count(limits.maxEvaluations, "evaluation"), last.gradientNorm));
      }
      steps++;
      if (steps % stallInterval === 0 && (yield* standsStill())) {
        const why = `The parameters are the same as ${stallInterval} and ${2 * stallInterval} steps ago: nothing moves any more, or they go round.`;
        return finish(ended("stalled", last.gradientNorm, why));
      }
    }
    return false;
  }
  function finish(ending: Status): true {
    status = ending;
    return true;
  }
  /** What ends the run before another step, unless the point reached has converged; undefined to go on. */
  function end(): (() => Status) | undefined {
    const { stuck, cost } = descent;
    if (stuck !== undefined) return () => ended("stalled", last.gradientNorm, stuck);
    if (signal?.aborted) {
      return () => ended("stopped", last.gradientNorm, "The caller's signal stopped the run.");
    }
    const spent = spentBudget(steps, descent.evaluations + cost.here + cost.next, timeMs, limits);
    return spent === undefined ? undefined : () => limitReached(spent, last.gradientNorm);
  }
  /** Takes the figures of the point just evaluated, if they are finite. */
  function accept(): boolean {
    const { value, gradientNorm } = descent;
    if (!Number.isFinite(value) || !Number.isFinite(gradientNorm)) return false;
    last.step = steps;
    last.evaluations = descent.evaluations;
    last.value = value;
    last.gradientNorm = gradientNorm;
    return true;
  }

  let seen: Floats | undefined;
  let unmoved = 0;
  /** Whether the point is the same as one and two intervals ago; once may be chance, as before a warmup. */
  function* standsStill(): Work<boolean> {
    const point = (yield* descent.point()).slice();
    unmoved = seen && point.every((x, i) => x === seen![i]) ? unmoved + 1 : 0;
    seen = point;
    return unmoved === 2;
  }
  const inTheirForm = (parts: Readonly<Record<string, Floats>>) =>
    mapValues(given, (form, name) => likeStart(form, parts[name]!, shapes[name]!)) as Parameters_<Starts>;
  const isNew = () => history.at(-1)?.step !== last.step;
  function* look(): Work<Step<Starts>> {
    const parameters = inTheirForm(split(yield* descent.point(), shapes));
    const step = { ...last, parameters, timeMs: timeMs() };
    if (options.history && isNew()) history.push(step);
    return step;
  }
  return {
    advance,
    look,
    *result() {
      const found = Number.isFinite(last.value);
      const step = found && isNew() ? yield* look() : history.at(-1);
      const { value, gradientNorm } = found ? last : descent;
      return {
        parameters: step?.parameters ?? inTheirForm(mapValues(start, ({ data }) => data)),
        value,
        gradientNorm,
        status: status!,
        steps: last.step,
        evaluations: descent.evaluations,
        gradientSource: descent.gradientSource,
        timeMs: timeMs(),
        engine: { name: engine.name, dtype, notes: descent.notes },
        ...(options.history && { history }),
      };
    },
    dispose: () => descent.dispose(),
  };
}
