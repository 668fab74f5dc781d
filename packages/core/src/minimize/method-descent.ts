import { settle, type Work } from "../engine/run.js";
import { hvp } from "../gradient/grad.js";
import { answerAll } from "../optimizer/answer.js";
import { type Ask, type Point, type Vector, vector } from "../optimizer/method.js";
import type { Method } from "../optimizer/optimizer.js";
import { methodHyper } from "../optimizer/settings.js";
import { arenas, leaves } from "../optimizer/trace.js";
import type { Floats, Write } from "../program/program.js";
import { writesTo } from "../program/writes-to.js";
import type { Descent, Problem } from "./descent.js";
import { type Callback, isCallback, type Objective } from "./objective.js";
import {
  evaluateCallback,
  type GradientSource,
  loadKernel,
  openSession,
  outputLayout,
  traceObjective,
  writeOutput,
} from "./oracle.js";

/** Ends a step that would take more evaluations than there are left. */
const outOfEvaluations = new Error("No evaluations are left.");

/** Answers requests for evaluations of an objective. */
interface Oracle {
  /** Evaluations that an answer will take. */
  costOf(ask: Ask): number;
  answer(ask: Ask): Work<number | Point | Vector>;
  readonly evaluations: number;
  readonly gradientError: number;
  readonly gradientSource: GradientSource;
  readonly notes: readonly string[];
  dispose(): void;
}

/** Descends by a method that asks for evaluations where it wants them. */
export function* methodDescent(method: Method<any>, problem: Problem): Work<Descent> {
  const oracle = isCallback(problem.f)
    ? callbackOracle(problem.f, problem)
    : yield* tracedOracle(problem.f, problem);
  let x = vector(Float64Array.from(Object.values(problem.start).flatMap(({ data }) => Array.from(data))));
  let at: Point | undefined;
  let good = x;
  let state = method.start(x.clone());
  let moves = 0;
  const descent = {
    value: NaN,
    gradientNorm: NaN,
    stuck: undefined as string | undefined,
    notes: oracle.notes,
    get gradientError() {
      return oracle.gradientError;
    },
    get evaluations() {
      return oracle.evaluations;
    },
    get cost() {
      const next = oracle.costOf({ want: "gradient", at: x });
      return { here: at ? 0 : next, next };
    },
    get gradientSource() {
      return oracle.gradientSource;
    },
    *evaluate() {
      at ??= (yield* oracle.answer({ want: "gradient", at: x })) as Point;
      descent.value = at.value;
      descent.gradientNorm = at.gradient.norm();
      if (Number.isFinite(descent.value) && Number.isFinite(descent.gradientNorm)) good = x;
    },
    *move(allowed: number) {
      const steps = method.step({ x, at: at!, state }, methodHyper(method, moves));
      const answer = (ask: Ask) => {
        if (oracle.evaluations + oracle.costOf(ask) > allowed) throw outOfEvaluations;
        return oracle.answer(ask);
      };
      try {
        const next = yield* answerAll(steps, answer);
        ({ x, at, state } = next);
        descent.stuck = next.stalled;
      } catch (error) {
        if (error === outOfEvaluations) return false;
        throw error;
      }
      moves++;
      return true;
    },
    *point() {
      return good.data;
    },
    dispose: () => oracle.dispose(),
  };
  return descent;
}

function callbackOracle(f: Callback<any>, { given, shapes }: Problem): Oracle {
  const oracle = {
    evaluations: 0,
    gradientError: 0,
    gradientSource: "callback" as GradientSource,
    costOf: ({ want, at }: Ask) =>
      want === "gradient" && oracle.gradientSource === "numeric" ? 1 + 2 * at.length : 1,
    notes: [],
    // Plain code answers at once.
    *answer(request: Ask): Work<number | Point | Vector> {
      if (request.want === "hvp") {
        throw new Error(
          "This method needs Hessian-vector products, which plain code cannot give. Use a traced objective.",
        );
      }
      const gradient = request.want === "gradient" ? new Float64Array(request.at.length) : undefined;
      const { value, numeric, evaluations, gradientError } = evaluateCallback(
        f,
        given,
        shapes,
        request.at.data,
        gradient,
      );
      oracle.evaluations += evaluations;
      if (gradient) oracle.gradientError = gradientError;
      if (numeric && gradient) oracle.gradientSource = "numeric";
      return gradient ? { value, gradient: vector(gradient) } : value;
    },
    dispose() {},
  };
  return oracle;
}

function* tracedOracle(f: Objective<any>, { shapes, engine, dtype }: Problem): Work<Oracle> {
  const direction = "direction";
  const session = yield* openSession(
    engine,
    { [arenas.parameter]: shapes, [arenas.gradient]: shapes, [direction]: shapes, ...outputLayout },
    dtype,
  );
  const { parameters, value, gradient } = traceObjective(f, shapes);
  const load = (writes: readonly Write[]) => loadKernel(session, { writes, hostScalars: [] });
  const none = new Float64Array(0);
  const kernels: Partial<Record<Ask["want"], { run(scalars: Float64Array): void | Promise<void> }>> = {};
  const writesFor: Record<Ask["want"], () => readonly Write[]> = {
    value: () => [writeOutput("value", value)],
    gradient: () => [writeOutput("value", value), ...writesTo(arenas.gradient, gradient)],
    hvp: () => writesTo(arenas.gradient, hvp(f)(parameters, leaves(direction, shapes))),
  };
  const oracle = {
    evaluations: 0,
    gradientError: 0,
    gradientSource: "traced" as const,
    costOf: () => 1,
    notes: session.notes,
    *answer(request: Ask): Work<number | Point | Vector> {
      oracle.evaluations++;
      session.write(arenas.parameter, undefined, request.at.data);
      if (request.want === "hvp") session.write(direction, undefined, request.along.data);
      const kernel = (kernels[request.want] ??= yield* load(writesFor[request.want]()));
      yield* settle(kernel.run(none));
      const read = (arena: string, name?: string) => settle<Floats>(session.read(arena, name) as Floats);
      if (request.want === "value") return (yield* read("output", "value"))[0]!;
      const g = vector(Float64Array.from(yield* read(arenas.gradient)));
      return request.want === "hvp" ? g : { value: (yield* read("output", "value"))[0]!, gradient: g };
    },
    dispose: () => session.dispose(),
  };
  return oracle;
}
