import type { Tensor } from "../expr/tensor.js";
import type { Data } from "../program/data.js";
import type { Batch, Supervised } from "./dataset.js";
import type { Json } from "./events.js";

/** A batch as a loss sees it: columns by name, the rows' weights, and while training a random key for noise. */
export type TracedBatch<B extends Batch> = { readonly [K in keyof B]: Tensor } & {
  /** [rows]; ones where the data has no weights. */
  readonly weight: Tensor;
  /** A scalar that changes each step, for `random`; absent when evaluating, where nothing is random. */
  readonly key?: Tensor;
};

/** A batch as a prediction sees it: without the target. */
export type TracedFeatures<B extends Batch> = {
  readonly [K in keyof TracedBatch<B> as K extends "y" ? never : K]: TracedBatch<B>[K];
};

/** Figure over rows, on the host: `prediction` is what `predict` returned for them. */
export type Metric<B extends Batch = Supervised> = (
  prediction: Data,
  rows: { readonly [K in keyof B]: Data } & { readonly weight: Data },
) => number;

/** Something to train: where it starts and its loss, an expression of named parameters and columns. */
export interface Model<B extends Batch = Supervised> {
  readonly name: string;
  /** What makes the model again, as JSON; saved with checkpoints and compared when one is resumed. */
  readonly config: Json;
  /** Parameters at the start, for data whose rows have these shapes. */
  init(seed: number, columns: { readonly [K in keyof B]: readonly number[] }): Readonly<Record<string, Data>>;
  /**
   * Throws for rows that the model cannot learn from, before anything is learned: a target that is none of its
   * classes. `where` begins the message. It sees each part of the data as a whole.
   */
  check?(rows: { readonly [K in keyof B]: Data }, where: string): void;
  /** Weighted mean of the rows' losses (Σ w·l / Σ w) plus penalties, a scalar. */
  loss(parameters: Readonly<Record<string, Tensor>>, batch: TracedBatch<B>): Tensor;
  /** Output for each row, [rows, …]. */
  predict?(parameters: Readonly<Record<string, Tensor>>, batch: TracedFeatures<B>): Tensor;
  /** Figures to report beside the loss. */
  readonly metrics?: Readonly<Record<string, Metric<B>>>;
}
