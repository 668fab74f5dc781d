import type { Data } from "../program/data.js";

/** Columns of some rows, each of shape [rows, ...]. `weight` of shape [rows] weighs rows; 1 when absent. */
export type Batch = Readonly<Record<string, Data>>;

/** What the usual supervised models train on. */
export interface Supervised extends Batch {
  /** Features, [rows, features] or [rows, height, width, …]. */
  readonly x: Data;
  /** Targets: [rows] of numbers, or of class indices 0, 1, …. */
  readonly y: Data;
}

export interface BatchOptions {
  /** Rows in a batch. */
  readonly size: number;
  /** Order: a permutation that depends on seed and epoch alone; `shuffle: false` keeps the rows' own order. */
  readonly seed: number;
  readonly epoch: number;
  readonly shuffle: boolean;
  /** A last batch with fewer rows is kept as it is, or dropped. */
  readonly last: "keep" | "drop";
}

/** What people and reports call the data. Text from data: whoever shows it escapes it. */
export interface DatasetInfo {
  readonly name: string;
  readonly features: readonly string[];
  readonly target: string;
  /** Names of the classes, in the order of their indices; absent for a numeric target. */
  readonly classes?: readonly string[];
}

/** Rows to train on. Batches are a pure function of the options, so that a resumed run sees the same ones. */
export interface Dataset<B extends Batch = Supervised> {
  readonly rows: number;
  readonly info: DatasetInfo;
  /** Shapes of one row's columns, without the rows' axis: `{ x: [64], y: [] }`. */
  readonly columns: { readonly [K in keyof B]: readonly number[] };
  /** What was done to the data that people should know of, a sentence each. */
  readonly notices?: readonly string[];
  /** A digest of the contents, so that a checkpoint is not resumed with other data. */
  readonly fingerprint: string;
  /** A batch's arrays may be reused for the next one. */
  batches(options: BatchOptions): Iterable<B> | AsyncIterable<B>;
}
