import {
  type Data,
  type DType,
  type Engine,
  type Floats,
  formatShape,
  js,
  type Kernel,
  leaf,
  type Shape,
  sizeOf,
  type Tensor,
  tensor,
  type Write,
} from "@downhill/core";
import type { Classifier, Regressor } from "../models/index.js";

/** Where and how numbers are computed. */
export interface EvaluationOptions {
  /** Default `js()`. */
  readonly engine?: Engine<"sync">;
  /** Default that of the parameters: float32 where all are Float32Arrays. */
  readonly dtype?: DType;
  /** Rows computed at once; default 256. */
  readonly batchSize?: number;
}

/** Numbers by parameter name. */
export type ParameterData<Names extends string = string> = Readonly<Record<Names, Data>>;

interface Rows {
  readonly x: Data;
  readonly y?: Data;
  readonly weight?: Data;
}

/** Computes rows' predictions, and their loss where there is a target, at fixed parameters. */
export interface Evaluator {
  /** Space for the predictions of so many rows. */
  predictions(rows: number): Data;
  /** Computes as many rows as x has; the prediction's array is reused for the next ones. */
  run(rows: Rows): { readonly prediction: Floats; readonly loss: number };
  dispose(): void;
}

/**
 * Memory for up to `rows` rows with columns of these shapes, and a program for each number of rows that comes.
 * Throws a RangeError for parameters that are not the model's.
 */
export function openEvaluator<Names extends string>(
  model: Regressor<Names> | Classifier<Names>,
  parameters: ParameterData<Names>,
  columns: { readonly x: Shape; readonly y?: Shape },
  rows: number,
  { engine = js(), dtype = dtypeOf(parameters) }: EvaluationOptions,
): Evaluator {
  const shapes = checkParameters(model, parameters, sizeOf(columns.x));
  const { x, y } = columns;
  const trace = (count: number) => {
    const traced = Object.fromEntries(
      Object.entries<Shape>(shapes).map(([name, shape]) => [name, leaf("parameters", name, shape)]),
    ) as Record<Names, Tensor>;
    const rows = { x: leaf("batch", "x", [count, ...x]), weight: leaf("batch", "weight", [count]) };
    const loss = y && model.loss(traced, { ...rows, y: leaf("batch", "y", [count, ...y]) });
    return { prediction: model.predict(traced, rows), loss };
  };
  const { prediction } = trace(rows);
  const session = engine.open(
    {
      parameters: shapes,
      batch: { x: [rows, ...x], weight: [rows], ...(y && { y: [rows, ...y] }) },
      result: { prediction: prediction.shape, loss: [] },
    },
    dtype,
  );
  for (const [name, { data }] of Object.entries<Data>(parameters)) {
    if (name in shapes) session.write("parameters", name, data);
  }
  const perRow = prediction.shape.slice(1);
  const kernels = new Map<number, Kernel<"sync">>();
  const kernelFor = (count: number) => {
    const known = kernels.get(count);
    if (known) return known;
    const { prediction, loss } = trace(count);
    const writes: Write[] = [{ arena: "result", name: "prediction", value: prediction }];
    if (loss) writes.push({ arena: "result", name: "loss", value: loss });
    const kernel = session.load({ writes, hostScalars: [] });
    kernels.set(count, kernel);
    return kernel;
  };
  return {
    predictions(count) {
      const length = count * sizeOf(perRow);
      return tensor(dtype === "float32" ? new Float32Array(length) : new Float64Array(length), [
        count,
        ...perRow,
      ]);
    },
    run(given) {
      const count = given.x.shape[0]!;
      const kernel = kernelFor(count);
      session.write("batch", "x", given.x.data);
      session.write("batch", "weight", given.weight?.data ?? new Float64Array(count).fill(1));
      if (y && given.y) session.write("batch", "y", given.y.data);
      kernel.run(noScalars);
      return {
        prediction: session.view("result", "prediction").subarray(0, count * sizeOf(perRow)),
        loss: y ? session.view("result", "loss")[0]! : Number.NaN,
      };
    },
    dispose: () => session.dispose(),
  };
}

const noScalars = new Float64Array(0);

function dtypeOf(parameters: ParameterData): DType {
  const all = Object.values(parameters);
  return all.length > 0 && all.every(({ data }) => data instanceof Float32Array) ? "float32" : "float64";
}

/** The parameters' shapes, once it is sure that they are the model's for so many features. */
export function checkParameters<Names extends string>(
  model: Regressor<Names> | Classifier<Names>,
  parameters: ParameterData<Names>,
  features: number,
): Readonly<Record<Names, Shape>> {
  const shapes = model.shapes(features);
  const given: Readonly<Record<string, Data>> = parameters;
  for (const [name, shape] of Object.entries<Shape>(shapes)) {
    const data = given[name];
    if (data === undefined) {
      throw new RangeError(
        `${model.name}: parameter "${name}" is missing; there are ${Object.keys(given).join(", ") || "none"}. ` +
          "Are these another model's parameters?",
      );
    }
    if (formatShape(data.shape) !== formatShape(shape) || data.data.length !== sizeOf(shape)) {
      throw new RangeError(
        `${model.name}: parameter "${name}" has shape ${formatShape(data.shape)}; ` +
          `${features} features need ${formatShape(shape)}.`,
      );
    }
  }
  return shapes;
}
