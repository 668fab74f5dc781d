import { js } from "../engine/js/index.js";
import { sizeOf } from "../expr/shape.js";
import { type Callback, isCallback, type Objective } from "../minimize/objective.js";
import { evaluateCallback, outputLayout, traceObjective, writeOutput } from "../minimize/oracle.js";
import type { Starts } from "../minimize/search.js";
import { asData } from "../minimize/start.js";
import { arenas, type Shapes } from "../optimizer/trace.js";
import type { Data } from "../program/data.js";
import { split } from "../program/split.js";
import { mapValues } from "../record/map-values.js";

/** An objective as a plain function of all its parameters in one row, to be looked at after the fact. */
export interface Slope {
  readonly names: readonly string[];
  /** Whether an evaluation costs next to nothing: of an expression, not of a caller's code. */
  readonly isTraced: boolean;
  rowOf(parameters: Starts): Float64Array;
  /** The other way round: views of the row. */
  parametersOf(row: Float64Array): Record<string, Data<Float64Array>>;
  value(row: Float64Array): number;
  gradient(row: Float64Array): Float64Array;
  dispose(): void;
}

export function createSlope(f: Objective<Starts> | Callback<Starts>, start: Starts): Slope {
  const shapes: Shapes = mapValues(start, (given, name) => asData(name, given).shape);
  const names = Object.keys(shapes);
  const isTraced = !isCallback(f);
  return {
    names,
    isTraced,
    rowOf: (parameters) =>
      Float64Array.from(names.flatMap((name) => Array.from(asNumbers(parameters[name]!)))),
    parametersOf: (row) =>
      mapValues(split(row, shapes), (data, name) => ({ data: data as Float64Array, shape: shapes[name]! })),
    ...(isTraced ? tracedSlope(f, shapes) : callbackSlope(f, start, shapes)),
  };
}

const asNumbers = (given: Starts[string]): ArrayLike<number> =>
  typeof given === "number" ? [given] : "data" in given ? given.data : given;

type Evaluators = Pick<Slope, "value" | "gradient" | "dispose">;

function tracedSlope(f: Objective<Starts>, shapes: Shapes): Evaluators {
  const { value, gradient } = traceObjective(f, shapes);
  const layout = { [arenas.parameter]: shapes, [arenas.gradient]: shapes, ...outputLayout };
  const session = js().open(layout, "float64");
  const load = (writes: Parameters<typeof session.load>[0]["writes"]) =>
    session.load({ writes, hostScalars: [] });
  const valueKernel = load([writeOutput("value", value)]);
  const gradientKernel = load(
    Object.entries(gradient).map(([name, g]) => ({ arena: arenas.gradient, name, value: g })),
  );
  const none = new Float64Array(0);
  return {
    value(row) {
      session.write(arenas.parameter, undefined, row);
      valueKernel.run(none);
      return session.read("output", "value")[0]!;
    },
    gradient(row) {
      session.write(arenas.parameter, undefined, row);
      gradientKernel.run(none);
      return Float64Array.from(session.read(arenas.gradient));
    },
    dispose: () => session.dispose(),
  };
}

function callbackSlope(f: Callback<Starts>, start: Starts, shapes: Shapes): Evaluators {
  const size = Object.values(shapes).reduce((sum, shape) => sum + sizeOf(shape), 0);
  return {
    value: (row) => evaluateCallback(f, start, shapes, row, undefined).value,
    gradient(row) {
      const gradient = new Float64Array(size);
      evaluateCallback(f, start, shapes, row, gradient);
      return gradient;
    },
    dispose() {},
  };
}
