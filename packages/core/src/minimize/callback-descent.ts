import { settle, type Work } from "../engine/run.js";
import { leaf } from "../expr/tensor.js";
import type { Rule } from "../optimizer/optimizer.js";
import { arenas, parameterLeaves } from "../optimizer/trace.js";
import { createUpdater } from "../optimizer/updater.js";
import type { Floats } from "../program/program.js";
import type { Descent, Problem } from "./descent.js";
import type { Callback } from "./objective.js";
import { openRule } from "./open-rule.js";
import { evaluateCallback, type GradientSource } from "./oracle.js";

/** Descends plain code by an update rule: the code is called on the host, the update runs on the engine. */
export function* callbackDescent(rule: Rule<any>, problem: Problem): Work<Descent> {
  const { given, shapes } = problem;
  const f = problem.f as Callback<any>;
  const updater = createUpdater(rule, shapes, problem.seed);
  const update = updater.update(parameterLeaves(shapes), leaf("output", "value", []));
  const { view } = updater;
  const { session, load, look, move } = yield* openRule(
    updater,
    problem,
    view ? { [arenas.view]: shapes } : {},
  );
  const moveKernel = yield* load(update);
  const viewKernel = view && (yield* load(view));

  function* read(arena: string): Work<Float64Array> {
    return Float64Array.from(yield* settle<Floats>(session.read(arena) as Floats));
  }
  let best = yield* read(arenas.parameter);
  const gradient = new Float64Array(best.length);
  const descent = {
    value: NaN,
    gradientNorm: NaN,
    gradientError: 0,
    evaluations: 0,
    cost: { here: 1, next: 1 },
    gradientSource: "callback" as GradientSource,
    notes: session.notes,
    stuck: undefined,
    *evaluate() {
      if (viewKernel) yield* settle(look(viewKernel));
      const x = yield* read(viewKernel ? arenas.view : arenas.parameter);
      evaluateAt(x);
      if (Number.isFinite(descent.value) && Number.isFinite(descent.gradientNorm)) best = x;
    },
    *move(allowed: number) {
      if (descent.evaluations + descent.cost.next > allowed) return false;
      // A view is judged at one point and trained at another: that one's gradient moves it.
      if (viewKernel) evaluateAt(yield* read(arenas.parameter));
      session.write(arenas.gradient, undefined, gradient);
      session.write("output", "value", [descent.value]);
      yield* settle(move(moveKernel));
      return true;
    },
    *point() {
      return best;
    },
    dispose: () => session.dispose(),
  };
  function evaluateAt(x: Float64Array): void {
    const { value, numeric, evaluations, gradientError } = evaluateCallback(f, given, shapes, x, gradient);
    descent.value = value;
    descent.gradientError = gradientError;
    // A view takes one evaluation to judge and one to move.
    descent.cost = { here: evaluations, next: viewKernel ? 2 * evaluations : evaluations };
    descent.gradientNorm = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
    descent.evaluations += evaluations;
    if (numeric) descent.gradientSource = "numeric";
  }
  return descent;
}
