import type { Data, Shape, Tensor } from "@downhill/core";
import type { Json, Model, Supervised, TracedBatch } from "@downhill/core/train";

/** Figures of a regressor and of a classifier, beside the loss. */
export type RegressionMetric = "r2" | "rmse" | "mae";
export type ClassificationMetric = "accuracy" | "logLoss";

/** Figure of predictions for rows with these targets and weights. */
type RowMetric = (prediction: Data, rows: { readonly y: Data; readonly weight: Data }) => number;

/** A model of this package: its parameters and metrics are known by name, its configuration makes it again. */
interface NamedModel<Names extends string, Metrics extends string> extends Model<Supervised> {
  /** `{ model: name, …options }`: what `fromConfig` takes. */
  readonly config: { readonly [option: string]: Json };
  /** Shapes of the parameters for rows of so many features. Weights are [in, out]. */
  shapes(features: number): Readonly<Record<Names, Shape>>;
  init(
    seed: number,
    columns: { readonly [K in keyof Supervised]: Shape },
  ): Readonly<Record<Names, Data<Float64Array>>>;
  loss(parameters: Readonly<Record<Names, Tensor>>, batch: TracedBatch<Supervised>): Tensor;
  predict(
    parameters: Readonly<Record<Names, Tensor>>,
    batch: { readonly x: Tensor; readonly key?: Tensor },
  ): Tensor;
  readonly metrics: Readonly<Record<Metrics, RowMetric>>;
}

/** Predicts numbers: [rows], or [rows, outputs] where there are several. */
export interface Regressor<Names extends string = string> extends NamedModel<Names, RegressionMetric> {
  readonly kind: "regression";
  readonly outputs: number;
}

/** Predicts each class's probability: [rows, classes]. Its targets are class indices, [rows]. */
export interface Classifier<Names extends string = string> extends NamedModel<Names, ClassificationMetric> {
  readonly kind: "classification";
  readonly classes: number;
}
