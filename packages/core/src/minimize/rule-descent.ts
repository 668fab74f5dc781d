import type { Engine, Kernel } from "../engine/engine.js";
import { settle, type Work } from "../engine/run.js";
import { where } from "../expr/functions.js";
import { leaf, type Tensor } from "../expr/tensor.js";
import { gradients } from "../gradient/reverse.js";
import type { Rule } from "../optimizer/optimizer.js";
import { arenas, type Shapes } from "../optimizer/trace.js";
import { createUpdater } from "../optimizer/updater.js";
import type { Data } from "../program/data.js";
import type { DType, Floats, Write } from "../program/program.js";
import type { Descent } from "./descent.js";
import { applyObjective, type Objective } from "./objective.js";
import { globalNorm, loadKernel, openSession, outputLayout, traceObjective, writeOutput } from "./oracle.js";

/** Where the last point with finite value and gradient is kept. */
const pointArena = "point";

/** Descends a traced objective by an update rule: evaluation and update are one program. */
export function* ruleDescent(
  rule: Rule<any>,
  f: Objective<any>,
  start: Readonly<Record<string, Data>>,
  engine: Engine,
  dtype: DType,
  seed: number,
): Work<Descent & { readonly notes: readonly string[] }> {
  const shapes: Shapes = Object.fromEntries(Object.entries(start).map(([name, { shape }]) => [name, shape]));
  const updater = createUpdater(rule, shapes, seed);
  const { parameters, value, gradient } = traceObjective(f, shapes);
  const placements = Object.entries(gradient).map(([name, g]) => ({
    arena: arenas.gradient,
    name,
    value: g,
  }));

  const session = yield* openSession(
    engine,
    {
      [arenas.parameter]: shapes,
      [arenas.gradient]: shapes,
      [pointArena]: shapes,
      ...updater.layout,
      ...outputLayout,
    },
    dtype,
  );
  for (const [name, { data }] of Object.entries(start)) session.write(arenas.parameter, name, data);
  const load = (writes: readonly Write[]) =>
    loadKernel(session, { writes, hostScalars: updater.hostScalars, placements });
  yield* settle((yield* load(updater.start)).run(updater.prepare(1)));

  const update = updater.update(
    Object.fromEntries(
      Object.entries(parameters).map(([name, parameter]) => [name, { parameter, gradient: gradient[name]! }]),
    ),
    value,
  );
  const { view } = updater;
  const points = view ? Object.fromEntries(view.map((write) => [write.name, write.value])) : parameters;
  const evaluation = view
    ? evaluationAt(points, applyObjective(f, points), undefined)
    : evaluationAt(points, value, Object.values(gradient));
  let evaluateKernel: Kernel | undefined;
  const moveKernel = yield* load(view ? update : [...evaluation, ...update]);

  const liveView = session.view as ((arena: string) => Floats) | undefined;
  let output = liveView?.("output");
  let moves = 0;
  const run = (kernel: Kernel) => kernel.run(updater.prepare(moves + 1));
  const moved = () => {
    moves++;
    updater.advance();
  };
  const take = (numbers: Floats) => {
    descent.value = numbers[0]!;
    descent.gradientNorm = numbers[1]!;
    descent.evaluations++;
  };
  const descent = {
    value: Number.NaN,
    gradientNorm: Number.NaN,
    gradientError: 0,
    evaluations: 0,
    cost: { here: 1, next: 1 },
    gradientSource: "traced" as const,
    stuck: undefined,
    notes: session.notes,
    *evaluate() {
      evaluateKernel ??= yield* load(evaluation);
      // A load may move the memory.
      output = liveView?.("output");
      yield* settle(run(evaluateKernel));
      take(yield* settle<Floats>(session.read("output") as Floats));
    },
    *move() {
      yield* settle(run(moveKernel));
      moved();
      return true;
    },
    point: () => settle<Floats>(session.read(pointArena) as Floats),
    dispose: () => session.dispose(),
  };
  if (view) return descent;
  return Object.assign(descent, {
    evaluateAndMove() {
      const running = run(moveKernel);
      moved();
      if (output) {
        take(output);
        return undefined;
      }
      return Promise.resolve(running)
        .then(() => session.read("output"))
        .then(take);
    },
  });
}

/** Writes value and gradient norm, and keeps the point if both are finite. */
function evaluationAt(
  points: Readonly<Record<string, Tensor>>,
  value: Tensor,
  known: readonly Tensor[] | undefined,
): Write[] {
  const norm = globalNorm(known ?? gradients(value, Object.values(points)));
  const fine = value.isFinite().mul(norm.isFinite());
  return [
    writeOutput("value", value),
    writeOutput("gradientNorm", norm),
    ...Object.entries(points).map(([name, point]) => ({
      arena: pointArena,
      name,
      value: where(fine, point, leaf(pointArena, name, point.shape)),
    })),
  ];
}
