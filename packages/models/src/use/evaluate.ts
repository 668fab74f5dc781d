import { type Data, sizeOf, tensor } from "@downhill/core";
import type { Dataset, Figures, Supervised } from "@downhill/core/train";
import { requireCount } from "../check.js";
import { checkClasses } from "../metrics/check-classes.js";
import type { ClassificationMetric, Classifier, RegressionMetric, Regressor } from "../models/index.js";
import { type EvaluationOptions, openEvaluator, type ParameterData } from "./evaluator.js";

/**
 * Loss (penalties included) and metrics of all rows of a dataset together, weighted where the rows have weights. Nothing is dropped out
 * or random. Throws a RangeError for parameters that are not the model's, a target that is no class of a
 * classifier's (naming the row), and a dataset without rows.
 */
export function evaluate<Names extends string>(
  model: Regressor<Names>,
  parameters: ParameterData<NoInfer<Names>>,
  dataset: Dataset<Supervised>,
  options?: EvaluationOptions,
): Promise<Figures<RegressionMetric>>;
export function evaluate<Names extends string>(
  model: Classifier<Names>,
  parameters: ParameterData<NoInfer<Names>>,
  dataset: Dataset<Supervised>,
  options?: EvaluationOptions,
): Promise<Figures<ClassificationMetric>>;
export function evaluate<Names extends string>(
  model: Regressor<Names> | Classifier<Names>,
  parameters: ParameterData<NoInfer<Names>>,
  dataset: Dataset<Supervised>,
  options?: EvaluationOptions,
): Promise<Figures>;
export async function evaluate(
  model: Regressor | Classifier,
  parameters: ParameterData,
  dataset: Dataset<Supervised>,
  options: EvaluationOptions = {},
): Promise<Figures> {
  const { rows, columns } = dataset;
  const { batchSize = 256 } = options;
  requireCount("evaluate", "batchSize", batchSize);
  requireCount("evaluate", `the number of rows of ${dataset.info.name}`, rows);
  const size = Math.min(batchSize, rows);
  const evaluator = openEvaluator(model, parameters, { x: columns.x, y: columns.y }, size, options);
  const prediction = evaluator.predictions(rows);
  const y = tensor(new Float64Array(rows * sizeOf(columns.y)), [rows, ...columns.y]);
  const weight = tensor(new Float64Array(rows).fill(1), [rows]);
  try {
    let at = 0;
    let losses = 0;
    let weights = 0;
    const put = (whole: Data, part: ArrayLike<number>) =>
      whole.data.set(part, (at * whole.data.length) / rows);
    for await (const batch of dataset.batches({ size, seed: 0, epoch: 0, shuffle: false, last: "keep" })) {
      const count = batch.x.shape[0]!;
      const result = evaluator.run(batch);
      put(prediction, result.prediction);
      put(y, batch.y.data);
      if (batch.weight) put(weight, batch.weight.data);
      const total = weight.data.subarray(at, at + count).reduce((sum, w) => sum + w, 0);
      // A batch of weight 0 has no mean loss.
      if (total > 0) losses += total * result.loss;
      weights += total;
      at += count;
    }
    if (model.kind === "classification") checkClasses("evaluate", "target", y.data, model.classes);
    const metrics = Object.entries(model.metrics).map(([name, metric]) => [
      name,
      metric(prediction, { y, weight }),
    ]);
    return { loss: losses / weights, ...Object.fromEntries(metrics) };
  } finally {
    evaluator.dispose();
  }
}
