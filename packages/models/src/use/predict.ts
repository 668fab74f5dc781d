import { type Data, formatShape, ShapeError, sizeOf, tensor } from "@downhill/core";
import { requireCount } from "../check.js";
import { mostProbable } from "../metrics/index.js";
import type { Classifier, Regressor } from "../models/index.js";
import { type EvaluationOptions, openEvaluator, type ParameterData } from "./evaluator.js";

export interface PredictOptions extends EvaluationOptions {
  /** Names of the classes, in the order of their indices. */
  readonly classes?: readonly string[];
}

/** What a classifier says of rows. */
export interface Classification {
  /** [rows, classes] */
  readonly probabilities: Data;
  /** The most probable class of each row, the lowest of equals. */
  readonly indices: Int32Array;
  /** The names of those classes, where names were given. */
  readonly names?: readonly string[];
}

/**
 * Predictions for x, [rows, …features]: numbers [rows] or [rows, outputs] from a regressor, probabilities and classes
 * from a classifier. Throws a RangeError for parameters that are not the model's.
 */
export function predict<Names extends string>(
  model: Regressor<Names>,
  parameters: ParameterData<NoInfer<Names>>,
  x: Data,
  options?: EvaluationOptions,
): Data;
export function predict<Names extends string>(
  model: Classifier<Names>,
  parameters: ParameterData<NoInfer<Names>>,
  x: Data,
  options?: PredictOptions,
): Classification;
export function predict<Names extends string>(
  model: Regressor<Names> | Classifier<Names>,
  parameters: ParameterData<NoInfer<Names>>,
  x: Data,
  options?: PredictOptions,
): Data | Classification;
export function predict(
  model: Regressor | Classifier,
  parameters: ParameterData,
  x: Data,
  options: PredictOptions = {},
): Data | Classification {
  const { classes } = options;
  const expected = model.kind === "classification" ? model.classes : 0;
  if (classes && classes.length !== expected) {
    throw new RangeError(
      `predict: ${classes.length} names do not fit the ${expected} classes of ${model.name}.`,
    );
  }
  if (model.kind === "regression") return rowsOutput(model, parameters, x, options);
  const probabilities = rowsOutput(model, parameters, x, options);
  const indices = mostProbable(probabilities.data, model.classes);
  return { probabilities, indices, ...(classes && { names: Array.from(indices, (i) => classes[i]!) }) };
}

function rowsOutput(
  model: Regressor | Classifier,
  parameters: ParameterData,
  x: Data,
  options: EvaluationOptions,
): Data {
  const [rows, ...features] = x.shape;
  if (rows === undefined || x.data.length !== sizeOf(x.shape)) {
    throw new ShapeError(
      `predict: x has ${x.data.length} numbers and shape ${formatShape(x.shape)}; expected [rows, …features].`,
    );
  }
  const { batchSize = 256 } = options;
  requireCount("predict", "batchSize", batchSize);
  const width = sizeOf(features);
  const evaluator = openEvaluator(model, parameters, { x: features }, Math.min(batchSize, rows), options);
  try {
    const result = evaluator.predictions(rows);
    const perRow = result.data.length / rows;
    for (let start = 0; start < rows; start += batchSize) {
      const count = Math.min(batchSize, rows - start);
      const part = tensor(x.data.subarray(start * width, (start + count) * width), [count, ...features]);
      result.data.set(evaluator.run({ x: part }).prediction, start * perRow);
    }
    return result;
  } finally {
    evaluator.dispose();
  }
}
