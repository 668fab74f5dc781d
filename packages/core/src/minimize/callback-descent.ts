import type { Engine } from "../engine/engine.js";
import { settle, type Work } from "../engine/run.js";
import { leaf } from "../expr/tensor.js";
import { vector } from "../optimizer/method.js";
import type { Rule } from "../optimizer/optimizer.js";
import { arenas, type Shapes } from "../optimizer/trace.js";
import { createUpdater } from "../optimizer/updater.js";
import type { Data } from "../program/data.js";
import type { DType, Floats } from "../program/program.js";
import type { Descent } from "./descent.js";
import type { Callback } from "./objective.js";
import { evaluateCallback, type GradientSource, loadKernel, openSession, outputLayout } from "./oracle.js";
import type { Start } from "./start.js";

/** Descends plain code by an update rule: the code is called on the host, the update runs on the engine. */
export function* callbackDescent(
  rule: Rule<any>,
  f: Callback<any>,
  given: Readonly<Record<string, Start>>,
  start: Readonly<Record<string, Data>>,
  engine: Engine,
  dtype: DType,
  seed: number,
): Work<Descent & { readonly notes: readonly string[] }> {
  const shapes: Shapes = Object.fromEntries(Object.entries(start).map(([name, { shape }]) => [name, shape]));
  const updater = createUpdater(rule, shapes, seed);
  const session = yield* openSession(
    engine,
    {
      [arenas.parameter]: shapes,
      [arenas.gradient]: shapes,
      ...(updater.view && { [arenas.view]: shapes }),
      ...updater.layout,
      ...outputLayout,
    },
    dtype,
  );
  for (const [name, { data }] of Object.entries(start)) session.write(arenas.parameter, name, data);
  const { hostScalars } = updater;
  yield* settle((yield* loadKernel(session, { writes: updater.start, hostScalars })).run(updater.prepare(1)));
  const traced = Object.entries(shapes).map(([name, shape]) => [
    name,
    { parameter: leaf(arenas.parameter, name, shape), gradient: leaf(arenas.gradient, name, shape) },
  ]);
  const update = updater.update(Object.fromEntries(traced), leaf("output", "value", []));
  const moveKernel = yield* loadKernel(session, { writes: update, hostScalars });
  const viewKernel = updater.view && (yield* loadKernel(session, { writes: updater.view, hostScalars }));

  const read = (arena: string) => settle<Floats>(session.read(arena) as Floats);
  const size = (yield* read(arenas.parameter)).length;
  const gradient = new Float64Array(size);
  let best = new Float64Array(size);
  let moves = 0;
  const descent = {
    value: Number.NaN,
    gradientNorm: Number.NaN,
    gradientError: 0,
    evaluations: 0,
    cost: { here: 1, next: 1 },
    gradientSource: "callback" as GradientSource,
    stuck: undefined,
    notes: session.notes,
    *evaluate() {
      if (viewKernel) yield* settle(viewKernel.run(updater.prepare(Math.max(1, moves))));
      const x = Float64Array.from(yield* read(viewKernel ? arenas.view : arenas.parameter));
      evaluateAt(x);
      if (Number.isFinite(descent.value) && Number.isFinite(descent.gradientNorm)) best = x;
    },
    *move(allowed: number) {
      if (descent.evaluations + descent.cost.next > allowed) return false;
      // A view is judged at one point and trained at another: that one's gradient moves it.
      if (viewKernel) evaluateAt(Float64Array.from(yield* read(arenas.parameter)));
      session.write(arenas.gradient, undefined, gradient);
      session.write("output", "value", [descent.value]);
      yield* settle(moveKernel.run(updater.prepare(moves + 1)));
      moves++;
      updater.advance();
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
    descent.gradientNorm = vector(gradient).norm();
    descent.evaluations += evaluations;
    if (numeric) descent.gradientSource = "numeric";
  }
  return descent;
}
