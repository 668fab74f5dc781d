import type { Engine } from "../engine/engine.js";
import { reference } from "../engine/reference.js";
import type { Objective } from "../minimize/objective.js";
import { centralDifferences, traceObjective, writeOutput } from "../minimize/oracle.js";
import { asData, type Start } from "../minimize/start.js";
import { arenas, type Shapes } from "../optimizer/trace.js";
import { random } from "../random/index.js";

/** What comparing a traced gradient with differences found. */
export interface GradientCheck {
  readonly ok: boolean;
  /**
   * The element with the largest error relative to max(1, |traced|, |numeric|): the first where either is not
   * finite, with an infinite error, if there is one.
   */
  readonly worst: {
    readonly parameter: string;
    readonly element: number;
    readonly traced: number;
    readonly numeric: number;
    readonly error: number;
  };
  /**
   * The power of h with which the symmetric difference along a random direction approaches the gradient's:
   * 2 where the gradient is right, 0 where it is wrong, NaN where both agree to rounding or are not finite.
   */
  readonly order: number;
  /** All of it in a sentence. */
  readonly why: string;
}

/**
 * Compares the gradient of a traced objective with central differences in float64, element by element, and tests
 * the order of their error by halving the step. Where the objective has a kink the two rightly differ.
 */
export function checkGradients<const P extends Readonly<Record<string, Start>>>(
  f: Objective<NoInfer<P>>,
  at: P,
  {
    tolerance = 1e-6,
    seed = 0,
    engine = reference(),
  }: { tolerance?: number; seed?: number; engine?: Engine<"sync"> } = {},
): GradientCheck {
  const start = Object.entries(at).map(([name, value]) => [name, asData(name, value)] as const);
  const shapes: Shapes = Object.fromEntries(start.map(([name, { shape }]) => [name, shape]));
  const { value, gradient } = traceObjective(f as Objective<unknown>, shapes);
  const session = engine.open(
    { [arenas.parameter]: shapes, [arenas.gradient]: shapes, output: { value: [] } },
    "float64",
  );
  try {
    const toGradient = Object.entries(gradient).map(([name, g]) => ({
      arena: arenas.gradient,
      name,
      value: g,
    }));
    const none = new Float64Array(0);
    const x = Float64Array.from(start.flatMap(([, { data }]) => Array.from(data)));
    session.write(arenas.parameter, undefined, x);
    session.load({ writes: toGradient, hostScalars: [] }).run(none);
    const traced = Float64Array.from(session.read(arenas.gradient));

    const kernel = session.load({ writes: [writeOutput("value", value)], hostScalars: [] });
    const valueAt = (point: Float64Array): number => {
      session.write(arenas.parameter, undefined, point);
      kernel.run(none);
      return session.read("output", "value")[0]!;
    };
    const numeric = new Float64Array(x.length);
    centralDifferences(valueAt, x, numeric);
    const worst = worstElement(traced, numeric, shapes);
    const { order, how } = orderOfError(valueAt, x, traced, seed);
    const ok = worst.error <= tolerance && !(order < 1);
    return { ok, worst, order, why: describe(ok, worst, how, tolerance) };
  } finally {
    session.dispose();
  }
}

function worstElement(traced: Float64Array, numeric: Float64Array, shapes: Shapes): GradientCheck["worst"] {
  let worst = { at: 0, error: -1 };
  traced.forEach((g, at) => {
    const finite = Number.isFinite(g) && Number.isFinite(numeric[at]);
    const error = finite
      ? Math.abs(g - numeric[at]!) / Math.max(1, Math.abs(g), Math.abs(numeric[at]!))
      : Number.POSITIVE_INFINITY;
    if (error > worst.error) worst = { at, error };
  });
  let element = worst.at;
  for (const [parameter, shape] of Object.entries(shapes)) {
    const size = shape.reduce((a, b) => a * b, 1);
    if (element < size) {
      return {
        parameter,
        element,
        traced: traced[worst.at]!,
        numeric: numeric[worst.at]!,
        error: worst.error,
      };
    }
    element -= size;
  }
  throw new Error("checkGradients: expected at least one parameter with at least one element.");
}

/** log2 of how much the error of (f(x + hd) - f(x - hd)) / 2h against g·d shrinks when h is halved, and what to say of it. */
function orderOfError(
  f: (x: Float64Array) => number,
  x: Float64Array,
  g: Float64Array,
  seed: number,
): { readonly order: number; readonly how: string } {
  const stream = random(seed).fork("checkGradients");
  const d = x.map((value) => stream.normal() * Math.max(1, Math.abs(value)));
  const slope = g.reduce((sum, value, i) => sum + value * d[i]!, 0);
  const h = 1e-3;
  const errorAt = (step: number): number => {
    const above = f(x.map((value, i) => value + step * d[i]!));
    const below = f(x.map((value, i) => value - step * d[i]!));
    return Math.abs((above - below) / (2 * step) - slope);
  };
  const rounding = (1e-15 * Math.max(1, Math.abs(f(x)))) / h;
  const [coarse, fine] = [errorAt(h), errorAt(h / 2)];
  if (!Number.isFinite(coarse) || !Number.isFinite(fine)) {
    return { order: Number.NaN, how: "not finite along a random direction" };
  }
  if (coarse <= 100 * rounding) {
    return { order: Number.NaN, how: "agree to rounding along a random direction" };
  }
  const order = Math.log2(coarse / fine);
  return { order, how: `error of order h^${order.toFixed(2)}` };
}

function describe(ok: boolean, worst: GradientCheck["worst"], how: string, tolerance: number): string {
  const where = `element ${worst.element} of "${worst.parameter}": traced ${worst.traced}, numeric ${worst.numeric}`;
  if (!Number.isFinite(worst.error)) {
    return `The gradient cannot be compared with central differences, being not finite at ${where}.`;
  }
  return ok
    ? `The gradient agrees with central differences within ${worst.error.toExponential(1)} (${how}).`
    : `The gradient differs from central differences: ${where}, error ${worst.error.toExponential(1)} against a tolerance of ${tolerance} (${how}).`;
}
