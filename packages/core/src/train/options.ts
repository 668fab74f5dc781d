import { checkEngine } from "../engine/check-engine.js";
import type { Engine } from "../engine/engine.js";
import { js } from "../engine/js/index.js";
import { checkOptimizer } from "../optimizer/check-optimizer.js";
import { checkNames } from "../optimizer/hyper.js";
import type { Optimizer } from "../optimizer/optimizer.js";
import type { Data } from "../program/data.js";
import type { DType } from "../program/program.js";
import type { Checkpointing } from "./checkpoint-store.js";
import type { Batch, Dataset, Supervised } from "./dataset.js";
import type { MetricPath, Mode } from "./metric-path.js";
import type { Model } from "./model.js";
import type { Reporter } from "./reporter.js";

/** Ends a run whose metric gets no better. */
export interface EarlyStopping<M extends string = string> {
  /** What to look at: "validation.loss", "validation.accuracy", "train.loss" (over the whole training data), … */
  readonly monitor: MetricPath<M>;
  /** Whether less or more is better. Default "min" for a loss; other metrics need it. */
  readonly mode?: Mode;
  /** Evaluations in a row without a better figure after which the run ends. At least 1. */
  readonly patience: number;
  /** By how much a figure must be better to count. Default 0. */
  readonly minDelta?: number;
  /** Return the parameters of the best evaluation. Default true. */
  readonly restoreBest?: boolean;
}

/** A figure that a run is to reach. */
export interface Target<M extends string = string> {
  readonly metric: MetricPath<M>;
  readonly value: number;
  /** "min": at most `value` (default for a loss). "max": at least. Other metrics than losses need it. */
  readonly mode?: Mode;
}

/** What `train` needs besides the model. */
export interface TrainOptions<
  B extends Batch = Supervised,
  N extends string = string,
  M extends string = string,
> {
  /** Rows to train on. */
  readonly data: Dataset<B>;
  /** Rows to evaluate after epochs and at the end. */
  readonly validation?: Dataset<NoInfer<B>>;
  /** Rows to evaluate once, at the end. */
  readonly test?: Dataset<NoInfer<B>>;
  readonly optimizer: Optimizer<any>;
  /** Default `js()`. */
  readonly engine?: Engine;
  /** Default float32. */
  readonly dtype?: DType;
  /** Rows in a batch, or "all" in their own order: full-batch descent. Default 32. */
  readonly batchSize?: number | "all";
  /** Another order of rows in each epoch. Default true; "all" keeps the data's order. */
  readonly shuffle?: boolean;
  /** A last batch with fewer rows is kept (default) or dropped. */
  readonly last?: "keep" | "drop";
  /** Batches whose gradients are joined, weighted by their rows, into one update. Default 1. */
  readonly accumulate?: number;
  /** Most passes over the data. One of epochs, maxSteps and maxTimeMs must be given. */
  readonly epochs?: number;
  /** Most updates. */
  readonly maxSteps?: number;
  /** Most milliseconds of training, resumed parts included. */
  readonly maxTimeMs?: number;
  /**
   * Converged when the Euclidean norm of the whole gradient is at most this. Only for batchSize "all", where the
   * gradient is exact; default 1e-6 there.
   */
  readonly gradientTolerance?: number;
  /** Converged when a metric, evaluated over a whole part of the data, reaches a value. */
  readonly target?: Target<NoInfer<M>>;
  readonly earlyStopping?: EarlyStopping<NoInfer<M>>;
  /** Epochs from one evaluation to the next. Default 1. */
  readonly evaluateEvery?: number;
  /** Of initial parameters, the rows' order and noise: a whole number. Default 0. */
  readonly seed?: number;
  readonly reporters?: readonly Reporter[];
  /** Ends the run before its next step. */
  readonly signal?: AbortSignal;
  /** Where and how often to save everything that the run depends on. */
  readonly checkpoint?: Checkpointing;
  /**
   * Go on from the last checkpoint (true; from the start where there is none yet), or from a snapshot's bytes. The
   * run then ends with the same bits as one that was never interrupted.
   */
  readonly resume?: boolean | Uint8Array;
  /** Coefficients to report at the end, of a linear model in the data's own units. */
  readonly coefficients?: (
    parameters: Readonly<Record<NoInfer<N>, Data>>,
  ) => Readonly<Record<string, number>>;
  /** Name of the run in reports. Default: model, optimizer and time. */
  readonly name?: string;
}

/** Options with their defaults, checked. */
export interface Settings<B extends Batch> extends Omit<TrainOptions<B>, "coefficients"> {
  readonly model: Model<B>;
  readonly engine: Engine;
  readonly dtype: DType;
  /** Whether each step sees all rows. */
  readonly fullBatch: boolean;
  /** Rows in a batch. */
  readonly rows: number;
  readonly shuffle: boolean;
  readonly last: "keep" | "drop";
  readonly accumulate: number;
  readonly batchesPerEpoch: number;
  readonly stepsPerEpoch: number;
  readonly epochs: number;
  readonly maxSteps: number;
  readonly maxTimeMs: number;
  /** How many updates the run has at most; infinite where only time ends it. */
  readonly totalSteps: number;
  /** -1 where the gradient of a step is not that of all rows: no norm is within it. */
  readonly gradientTolerance: number;
  readonly evaluateEvery: number;
  readonly seed: number;
  readonly reporters: readonly Reporter[];
  readonly coefficients?: (parameters: Readonly<Record<string, Data>>) => Readonly<Record<string, number>>;
}

const known: Readonly<Record<keyof TrainOptions, true>> = {
  data: true,
  validation: true,
  test: true,
  optimizer: true,
  engine: true,
  dtype: true,
  batchSize: true,
  shuffle: true,
  last: true,
  accumulate: true,
  epochs: true,
  maxSteps: true,
  maxTimeMs: true,
  gradientTolerance: true,
  target: true,
  earlyStopping: true,
  evaluateEvery: true,
  seed: true,
  reporters: true,
  signal: true,
  checkpoint: true,
  resume: true,
  coefficients: true,
  name: true,
};

/** Options complete. Throws for those that make no sense. */
export function checkOptions<B extends Batch>(model: Model<B>, options: TrainOptions<B>): Settings<B> {
  checkNames("train", "option", Object.keys(options), Object.keys(known));
  const { data, optimizer, engine = js(), dtype = "float32", batchSize = 32, last = "keep" } = options;
  if (data === undefined) throw new TypeError("train: there is no data; set data to rows to train on.");
  checkOptimizer("train", optimizer);
  checkEngine("train", engine);
  const {
    shuffle = true,
    accumulate = 1,
    evaluateEvery = 1,
    seed = 0,
    reporters = [],
    gradientTolerance,
  } = options;
  const { epochs = Infinity, maxSteps = Infinity, maxTimeMs = Infinity } = options;
  whole("batchSize", batchSize === "all" ? 1 : batchSize, 1, ' or "all"');
  whole("accumulate", accumulate, 1);
  whole("evaluateEvery", evaluateEvery, 1);
  whole("seed", seed, 0);
  if (options.epochs !== undefined) whole("epochs", epochs, 0);
  if (options.maxSteps !== undefined) whole("maxSteps", maxSteps, 0);
  number("maxTimeMs", maxTimeMs, 0);
  number("gradientTolerance", gradientTolerance ?? 0, 0);
  if (options.earlyStopping) {
    whole("earlyStopping.patience", options.earlyStopping.patience, 1);
    number("earlyStopping.minDelta", options.earlyStopping.minDelta ?? 0, 0);
  }
  if (options.checkpoint) {
    checkNames("train", "option of checkpoint", Object.keys(options.checkpoint), [
      "store",
      "everySteps",
      "everyMs",
      "everyEpochs",
    ]);
    whole("checkpoint.everySteps", options.checkpoint.everySteps ?? 1, 1);
    whole("checkpoint.everyEpochs", options.checkpoint.everyEpochs ?? 1, 1);
    number("checkpoint.everyMs", options.checkpoint.everyMs ?? 0, 0);
  }
  if (Math.min(epochs, maxSteps, maxTimeMs) === Infinity) {
    throw new Error("train: nothing ends this run; set epochs, maxSteps or maxTimeMs.");
  }
  if (!engine.dtypes.includes(dtype)) {
    throw new Error(`train: engine ${engine.name} has no ${dtype}; it has ${engine.dtypes.join(", ")}.`);
  }
  if (!(data.rows >= 1)) throw new Error(`train: data "${data.info.name}" has no rows.`);
  const fullBatch = batchSize === "all";
  if (gradientTolerance !== undefined && !fullBatch) {
    throw new Error(
      `train: gradientTolerance needs the gradient of all rows, but batchSize is ${batchSize} of ${data.rows}. ` +
        'Set batchSize: "all", or end the run by epochs, a target or early stopping.',
    );
  }
  if (model.metrics && !model.predict) {
    throw new Error(
      `train: ${model.name} has metrics (${Object.keys(model.metrics).join(", ")}), but no predict to find them by.`,
    );
  }
  if (accumulate > 1 && optimizer.kind === "method") {
    throw new Error(
      `train: ${optimizer.name} evaluates where it wants, so batches cannot be accumulated for it. Use a larger batchSize.`,
    );
  }
  const rows = fullBatch ? data.rows : Math.min(batchSize, data.rows);
  const count = data.rows / (fullBatch ? data.rows : batchSize);
  const batches = last === "drop" ? Math.floor(count) : Math.ceil(count);
  // Of batches that do not fill a group, as of rows that do not fill a batch, `last` says what becomes.
  const stepsPerEpoch = last === "drop" ? Math.floor(batches / accumulate) : Math.ceil(batches / accumulate);
  if (stepsPerEpoch === 0) {
    throw new Error(
      `train: ${data.rows} rows do not fill one step of ${accumulate > 1 ? `${accumulate} batches of ` : ""}${batchSize} ` +
        'rows, and last: "drop" drops what does not fill one. Make batches smaller, or set last: "keep".',
    );
  }
  return {
    ...options,
    model,
    engine,
    dtype,
    fullBatch,
    rows,
    shuffle: shuffle && !fullBatch,
    last,
    accumulate,
    batchesPerEpoch: last === "drop" ? stepsPerEpoch * accumulate : batches,
    stepsPerEpoch,
    epochs,
    maxSteps,
    maxTimeMs,
    totalSteps: Math.min(maxSteps, epochs * stepsPerEpoch),
    gradientTolerance: fullBatch ? (gradientTolerance ?? 1e-6) : -1,
    evaluateEvery,
    seed,
    reporters,
  } as Settings<B>;
}

function whole(name: string, value: number, least: number, or = ""): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new RangeError(
    `train: ${name} = ${show(value)} is not allowed; expected a whole number from ${least}${or}.`,
  );
}

function number(name: string, value: number, least: number): void {
  if (typeof value === "number" && value >= least) return;
  throw new RangeError(
    `train: ${name} = ${show(value)} is not allowed; expected a number of at least ${least}.`,
  );
}

const show = (value: unknown) => (typeof value === "string" ? JSON.stringify(value) : String(value));
