import type { Data } from "../program/data.js";
import type { Status } from "../status.js";

/** Figures of a part of the data by metric, the loss among them. */
export type Figures<M extends string = string> = { readonly loss: number } & Readonly<Record<M, number>>;

/** What is known at the end of an epoch. */
export interface EpochInfo<M extends string = string> {
  /** Epochs made: the first is 1. */
  readonly epoch: number;
  /** Updates made. */
  readonly step: number;
  /** Mean loss of the epoch's batches, each before its update, weighted by their rows. */
  readonly loss: number;
  /** Figures of the validation data after the epoch, where it was evaluated. */
  readonly validation?: Figures<M>;
  /** Milliseconds of training so far, resumed parts included. */
  readonly timeMs: number;
}

/** The evaluation with the best monitored figure. */
export interface Best {
  readonly value: number;
  readonly step: number;
  readonly epoch: number;
}

/** Where `train` ended. */
export interface TrainResult<N extends string = string, M extends string = string> {
  /** Why it ended; "converged" holds at the returned parameters. */
  readonly status: Status;
  /** Loss over all training rows at the returned parameters. */
  readonly value: number;
  /** Figures over whole parts of the data at the returned parameters. */
  readonly metrics: {
    readonly train: Figures<M>;
    readonly validation?: Figures<M>;
    readonly test?: Figures<M>;
  };
  readonly parameters: Readonly<Record<N, Data>>;
  /** With early stopping: its best evaluation, whose parameters are returned unless `restoreBest` is false. */
  readonly best?: Best;
  /** Updates made. */
  readonly steps: number;
  /** Whole epochs made. */
  readonly epochs: number;
  readonly timeMs: number;
  /** One entry for each epoch, resumed parts included. */
  readonly history: readonly EpochInfo<M>[];
  readonly engine: { readonly name: string; readonly dtype: string; readonly notes: readonly string[] };
  /** What the run had to tell, a sentence each: rows dropped, a fallback taken, a reporter dropped. */
  readonly notices: readonly string[];
}
