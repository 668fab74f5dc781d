import type { Engine, Kernel, Session } from "../engine/engine.js";
import { settle, type Work } from "../engine/run.js";
import type { Tensor } from "../expr/tensor.js";
import { gradients } from "../gradient/reverse.js";
import { arenas, leaves, type Shapes } from "../optimizer/trace.js";
import type { Program, Write } from "../program/program.js";
import { split } from "../program/split.js";
import { mapValues } from "../record/map-values.js";
import { applyObjective, type Callback, type Objective } from "./objective.js";
import { likeStart, type Start } from "./start.js";

/** How the gradient was had. */
export type GradientSource = "traced" | "callback" | "numeric";

/** Slots of the results of an evaluation. */
export const outputLayout = { output: { value: [], gradientNorm: [] } } as const;

/** A traced objective with its gradient, at points in memory or computed. */
export interface TracedObjective {
  readonly parameters: Readonly<Record<string, Tensor>>;
  readonly value: Tensor;
  readonly gradient: Readonly<Record<string, Tensor>>;
}

/** Value and gradients of a traced objective, at the parameters. */
export function traceObjective(f: Objective<any>, shapes: Shapes): TracedObjective {
  return traceAt(f, leaves(arenas.parameter, shapes));
}

export function traceAt(f: Objective<any>, parameters: Readonly<Record<string, Tensor>>): TracedObjective {
  const value = applyObjective(f, parameters);
  const list = gradients(value, Object.values(parameters));
  return { parameters, value, gradient: mapValues(parameters, (_, __, i) => list[i]!) };
}

/** Euclidean norm of several tensors together. */
export function globalNorm(tensors: readonly Tensor[]): Tensor {
  return tensors
    .map((g) => g.square().sum())
    .reduce((sum, part) => sum.add(part))
    .sqrt();
}

export function writeOutput(name: keyof typeof outputLayout.output, value: Tensor): Write {
  return { arena: "output", name, value };
}

/** Evaluates plain code: fills the gradient and returns the value; `numeric` when it had to be estimated. */
export function evaluateCallback<P extends Readonly<Record<string, Start>>>(
  f: Callback<P>,
  start: P,
  shapes: Shapes,
  x: Float64Array,
  gradient: Float64Array | undefined,
): { value: number; numeric: boolean; evaluations: number; gradientError: number } {
  const call = (at: Float64Array) =>
    f.evaluate(
      mapValues(split(at, shapes), (part, name) => likeStart(start[name]!, part, shapes[name]!)) as never,
    );
  const result = call(x);
  const value = valueOf(result);
  if (typeof result === "number") {
    if (!gradient) return { value, numeric: true, evaluations: 1, gradientError: 0 };
    centralDifferences((at) => valueOf(call(at)), x, gradient);
    const gradientError = roundingOfDifferences(value, x);
    return { value, numeric: true, evaluations: 1 + 2 * x.length, gradientError };
  }
  for (const [name, part] of Object.entries(gradient ? split(gradient, shapes) : {})) {
    part.set(numbersOf(name, result.gradient[name as keyof P], part.length));
  }
  return { value, numeric: false, evaluations: 1, gradientError: 0 };
}

const valueOf = (result: number | { readonly value: number }) =>
  typeof result === "number" ? result : result.value;

/** The numbers of a parameter's gradient as plain code gave it; throws where they are not one for each element. */
export function numbersOf(name: string, given: unknown, length: number): ArrayLike<number> {
  const list =
    typeof given === "number"
      ? [given]
      : ((given as { data?: ArrayLike<number> } | undefined)?.data ??
        (given as ArrayLike<number> | undefined));
  if (list?.length === length) return list;
  throw new Error(
    `evaluate: the gradient of "${name}" has ${list?.length ?? "no"} numbers; expected ${length}, one for each of the parameter's.`,
  );
}

const stepAt = (x: number) => 6.0554544523933395e-6 * Math.max(1, Math.abs(x));

/** Norm of the errors that rounding f to ε·|f| makes in central differences: ε·|f|/h for each element. */
function roundingOfDifferences(f: number, x: Float64Array): number {
  const error = Number.EPSILON * Math.abs(f);
  return Math.sqrt(x.reduce((sum, value) => sum + (error / stepAt(value)) ** 2, 0));
}

/** (f(x + h) - f(x - h)) / 2h for each element, with h = ∛ε·max(1, |x|): the error is of order h². */
export function centralDifferences(
  f: (x: Float64Array) => number,
  x: Float64Array,
  gradient: Float64Array,
): void {
  const at = x.slice();
  for (let i = 0; i < x.length; i++) {
    const h = stepAt(x[i]!);
    at[i] = x[i]! + h;
    const above = f(at);
    at[i] = x[i]! - h;
    const below = f(at);
    at[i] = x[i]!;
    gradient[i] = (above - below) / (2 * h);
  }
}

/** A kernel, waited for where the engine compiles asynchronously. */
export function loadKernel(session: Session, program: Program): Work<Kernel> {
  return settle<Kernel>(session.load(program) as Kernel);
}

export function openSession(
  engine: Engine,
  layout: Session["layout"],
  dtype: Session["dtype"],
): Work<Session> {
  return settle<Session>(engine.open(layout, dtype) as Session);
}
