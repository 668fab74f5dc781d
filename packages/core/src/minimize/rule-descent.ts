import type { Kernel } from "../engine/engine.js";
import { settle, type Work } from "../engine/run.js";
import { where } from "../expr/functions.js";
import { leaf } from "../expr/tensor.js";
import type { Rule } from "../optimizer/optimizer.js";
import { arenas } from "../optimizer/trace.js";
import { createUpdater } from "../optimizer/updater.js";
import type { Floats, Write } from "../program/program.js";
import { writesTo } from "../program/writes-to.js";
import { mapValues } from "../record/map-values.js";
import type { Descent, Problem } from "./descent.js";
import type { Objective } from "./objective.js";
import { openRule } from "./open-rule.js";
import { globalNorm, type TracedObjective, traceAt, traceObjective, writeOutput } from "./oracle.js";

/** Where the last point with finite value and gradient is kept. */
const pointArena = "point";

/** Descends a traced objective by an update rule: evaluation and update are one program. */
export function* ruleDescent(rule: Rule<any>, problem: Problem): Work<Descent> {
  const { shapes } = problem;
  const f = problem.f as Objective<any>;
  const updater = createUpdater(rule, shapes, problem.seed);
  const traced = traceObjective(f, shapes);
  const { parameters, value, gradient } = traced;
  const update = updater.update(
    mapValues(parameters, (parameter, name) => ({ parameter, gradient: gradient[name]! })),
    value,
  );
  const { view } = updater;
  const points = view && Object.fromEntries(view.map((write) => [write.name, write.value]));
  const evaluation = evaluationOf(points ? traceAt(f, points) : traced);

  const { session, load, look, move } = yield* openRule(updater, problem, { [pointArena]: shapes });
  const placements = writesTo(arenas.gradient, gradient);
  const moveKernel = yield* load(view ? update : [...evaluation, ...update], placements);
  let evaluateKernel: Kernel | undefined;
  const liveView = session.view as ((arena: string) => Floats) | undefined;
  let output = liveView?.("output");
  const take = (numbers: Floats) => {
    descent.value = numbers[0]!;
    descent.gradientNorm = numbers[1]!;
    descent.evaluations++;
  };
  function evaluateAndMove(): PromiseLike<void> | undefined {
    const running = move(moveKernel);
    if (!output) {
      return Promise.resolve(running)
        .then(() => session.read("output"))
        .then(take);
    }
    take(output);
    return undefined;
  }
  const descent = {
    value: NaN,
    gradientNorm: NaN,
    gradientError: 0,
    evaluations: 0,
    cost: { here: 1, next: 1 },
    gradientSource: "traced" as const,
    notes: session.notes,
    stuck: undefined,
    *evaluate() {
      evaluateKernel ??= yield* load(evaluation, placements);
      // A load may move the memory.
      output = liveView?.("output");
      yield* settle(look(evaluateKernel));
      take(yield* settle<Floats>(session.read("output") as Floats));
    },
    *move() {
      yield* settle(move(moveKernel));
      return true;
    },
    evaluateAndMove: view ? undefined : evaluateAndMove,
    point: () => settle<Floats>(session.read(pointArena) as Floats),
    dispose: () => session.dispose(),
  };
  return descent;
}

/** Writes value and gradient norm, and keeps the point if both are finite. */
function evaluationOf({ parameters, value, gradient }: TracedObjective): Write[] {
  const norm = globalNorm(Object.values(gradient));
  const fine = value.isFinite().mul(norm.isFinite());
  const kept = mapValues(parameters, (x, name) => where(fine, x, leaf(pointArena, name, x.shape)));
  return [writeOutput("value", value), writeOutput("gradientNorm", norm), ...writesTo(pointArena, kept)];
}
