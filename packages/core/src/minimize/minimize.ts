import type { Engine, Mode } from "../engine/engine.js";
import { js } from "../engine/js/index.js";
import { finish, runWork, waitFor, type Work } from "../engine/run.js";
import type { Shapes } from "../optimizer/trace.js";
import type { Data } from "../program/data.js";
import type { Floats } from "../program/program.js";
import type { Status } from "../status.js";
import { callbackDescent } from "./callback-descent.js";
import type { Descent } from "./descent.js";
import { diverged, judgeBudget, judgePoint, stalled, stopped } from "./judge.js";
import { methodDescent } from "./method-descent.js";
import { type Callback, isCallback, type Objective } from "./objective.js";
import { checkLimits, type MinimizeOptions } from "./options.js";
import type { Result, Step } from "./result.js";
import { ruleDescent } from "./rule-descent.js";
import { asData, likeStart, type Parameters_, type Start, split } from "./start.js";

type Starts = Readonly<Record<string, Start>>;
type Answer<E extends Engine, T> = E extends Engine<infer M> ? ("async" extends M ? Promise<T> : T) : never;

/** Steps between two looks at whether parameters still change. */
const stallInterval = 64;

/**
 * Minimises a function of named parameters, from `start`, by an optimizer, until a criterion is met.
 *
 * `f` is traced: `({ x, y }) => x.sub(1).square().add(…)` builds an expression, whose gradient and update run as
 * one program. `{ evaluate: ({ x, y }) => … }` takes plain code instead. The result holds the parameters in the form of the start,
 * the value there, and a status that is true at that very point. A promise on an asynchronous engine.
 *
 * Computes in float64 unless told otherwise. Throws on parameters or options that make no sense, never because
 * a run did not converge.
 */
export function minimize<const P extends Starts, E extends Engine = Engine<"sync">>(
  f: Objective<NoInfer<P>> | Callback<NoInfer<P>>,
  options: MinimizeOptions<P, E>,
): Answer<E, Result<P>> {
  const engine: Engine = options.engine ?? js();
  return runWork(search(f as Objective<Starts>, options, engine), engine) as Answer<E, Result<P>>;
}

/**
 * The same as an iterator: each point as it is reached, the start first, with `break` at will. The iterator's
 * return value is the result. An async iterator on an asynchronous engine.
 */
export function minimizeSteps<const P extends Starts, E extends Engine = Engine<"sync">>(
  f: Objective<NoInfer<P>> | Callback<NoInfer<P>>,
  options: MinimizeOptions<P, E>,
): E extends Engine<infer M>
  ? "async" extends M
    ? AsyncGenerator<Step<P>, Result<P>, void>
    : Generator<Step<P>, Result<P>, void>
  : never {
  const engine: Engine = options.engine ?? js();
  const walk = open(f as Objective<Starts>, options, engine);
  const steps = engine.mode === "async" ? asyncSteps(walk) : syncSteps(walk);
  return steps as never;
}

function* syncSteps(opening: Work<Search>): Generator<Step<Starts>, Result<Starts>, void> {
  const search = finish(opening);
  try {
    while (!finish(search.advance())) yield finish(search.look());
    return finish(search.result());
  } finally {
    search.dispose();
  }
}

async function* asyncSteps(opening: Work<Search>): AsyncGenerator<Step<Starts>, Result<Starts>, void> {
  const search = await waitFor(opening);
  try {
    while (!(await waitFor(search.advance()))) yield await waitFor(search.look());
    return await waitFor(search.result());
  } finally {
    search.dispose();
  }
}

function* search(f: Objective<Starts>, options: MinimizeOptions<Starts, Engine<Mode>>, engine: Engine): Work<Result<Starts>> {
  const walk = yield* open(f, options, engine);
  try {
    while (!(yield* walk.advance())) if (options.history) yield* walk.look();
    return yield* walk.result();
  } finally {
    walk.dispose();
  }
}

interface Search {
  /** Evaluates the current point and moves on; true when the run has ended, at that point or before it. */
  advance(): Work<boolean>;
  /** The point evaluated last. */
  look(): Work<Step<Starts>>;
  result(): Work<Result<Starts>>;
  dispose(): void;
}

function* open(
  f: Objective<Starts> | Callback<Starts>,
  options: MinimizeOptions<Starts, Engine<Mode>>,
  engine: Engine,
): Work<Search> {
  const { start: given, optimizer, dtype = "float64", seed = 0, signal } = options;
  const limits = checkLimits(options);
  const start: Record<string, Data> = {};
  for (const [name, value] of Object.entries(given)) start[name] = asData(name, value);
  if (Object.keys(start).length === 0) throw new Error("minimize: start has no parameters; expected at least one.");
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
  let steps = 0;
  let seen: Floats | undefined;
  let unmoved = 0;
  // Figures of the last point with finite ones, which is the point that a diverged run returns.
  let value = Number.NaN;
  let gradientNorm = Number.NaN;
  let reached = 0;

  const parametersOf = (point: Floats) => {
    const parts = split(point, shapes);
    return Object.fromEntries(
      Object.entries(given).map(([name, form]) => [name, likeStart(form, parts[name]!, shapes[name]!)]),
    ) as Parameters_<Starts>;
  };
  function* advance(): Work<boolean> {
    if (descent.stuck !== undefined && steps > 0) {
      // Evaluated already by the method: it is where it was, or better.
      yield* descent.evaluate();
      accept();
      status ??= judgePoint(now(), limits) ?? stalled(gradientNorm, descent.stuck);
      return true;
    }
    const spent = signal?.aborted
      ? stopped(gradientNorm, "The caller's signal stopped the run.")
      : judgeBudget(now(), limits);
    const both = spent === undefined ? descent.evaluateAndMove : undefined;
    if (both) yield* both();
    else yield* descent.evaluate();
    if (!accept()) {
      status = diverged(steps, whatIsNotFinite(), value);
      return true;
    }
    status = judgePoint(now(), limits) ?? (spent && { ...spent, achieved: gradientNorm });
    if (status) return true;
    if (!both) yield* descent.move();
    steps++;
    if (steps % stallInterval === 0 && (yield* standsStill())) {
      status = stalled(gradientNorm, `The last ${2 * stallInterval} steps changed no parameter.`);
      return true;
    }
    return false;
  }
  /** Whether the point is the same as one and two intervals ago; once may be chance, as before a warmup. */
  function* standsStill(): Work<boolean> {
    const point = (yield* descent.point()).slice();
    unmoved = seen && point.every((x, i) => x === seen![i]) ? unmoved + 1 : 0;
    seen = point;
    return unmoved === 2;
  }
  const now = () => ({
    value,
    gradientNorm,
    steps,
    evaluations: descent.evaluations,
    timeMs: limits.maxTimeMs < Number.POSITIVE_INFINITY ? performance.now() - began : 0,
  });
  /** Takes the figures of the point just evaluated, if they are finite. */
  function accept(): boolean {
    if (!Number.isFinite(descent.value) || !Number.isFinite(descent.gradientNorm)) return false;
    value = descent.value;
    gradientNorm = descent.gradientNorm;
    reached = steps;
    return true;
  }
  const whatIsNotFinite = () =>
    Number.isFinite(descent.value)
      ? `gradient norm is ${descent.gradientNorm}`
      : `value is ${descent.value}`;
  return {
    advance,
    *look() {
      const step = { step: reached, value, gradientNorm, parameters: parametersOf(yield* descent.point()) };
      if (options.history) history.push(step);
      return step;
    },
    *result() {
      if (options.history && Number.isFinite(value) && history.at(-1)?.step !== reached) {
        history.push({ step: reached, value, gradientNorm, parameters: parametersOf(yield* descent.point()) });
      }
      const point = Number.isFinite(value) ? yield* descent.point() : undefined;
      return {
        parameters: point
          ? parametersOf(point)
          : (Object.fromEntries(
              Object.entries(given).map(([name, form]) => [name, likeStart(form, start[name]!.data, shapes[name]!)]),
            ) as Parameters_<Starts>),
        value: Number.isFinite(value) ? value : descent.value,
        gradientNorm: Number.isFinite(value) ? gradientNorm : descent.gradientNorm,
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
