import type { Shape } from "../expr/shape.js";
import type { Status } from "../status.js";

/** A number as JSON can carry it. */
export type Num = number | "NaN" | "Infinity" | "-Infinity";

/** An array inside an event: a view while in memory, base64 of its little-endian bytes in a file. */
export interface Packed {
  readonly dtype: "float32" | "float64" | "int32" | "uint8";
  readonly shape: Shape;
  readonly data: ArrayBufferView | string;
}

/** Anything JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Figures by part of the data: `{ train: { loss, r2 }, validation: { … }, test: { … } }`. */
export type Metrics = Readonly<Record<string, Readonly<Record<string, Num>>>>;

export interface RunStart {
  readonly type: "run-start";
  /** Name of the run, unique enough to tell runs apart in one report. */
  readonly run: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly seed: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly engine: { readonly name: string; readonly dtype: string; readonly notes: readonly string[] };
  readonly optimizer: {
    readonly name: string;
    readonly hyper: Readonly<Record<string, Json>>;
    readonly options: Readonly<Record<string, Json>>;
  };
  readonly model: {
    readonly name: string;
    readonly config: Json;
    readonly parameters: Readonly<Record<string, Shape>>;
  };
  readonly data: {
    readonly name: string;
    readonly rows: number;
    readonly features: readonly string[];
    readonly target: string;
    readonly classes?: readonly string[];
  };
  /** Paths of the figures that epochs and evaluations may have: "train.loss", "validation.accuracy", … */
  readonly metrics?: readonly string[];
  /** How long the run will be, as far as it is known. Absent parts are unlimited. */
  readonly plan: {
    readonly batchSize: number;
    readonly stepsPerEpoch: number;
    readonly epochs?: number;
    readonly steps?: number;
  };
  /** Step from which a resumed run goes on; 0 for a new one. */
  readonly from: number;
}

export interface StepEvent {
  readonly type: "step";
  /** Updates made, this one included: the first is 1. */
  readonly step: number;
  /** Epochs begun: the first is 1. */
  readonly epoch: number;
  /** Loss of this step's rows before the update. */
  readonly value: Num;
  readonly hyper: Readonly<Record<string, Num>>;
  /**
   * Evaluations of the loss or its gradient, resumed parts included, until `value` was known: one for each batch, and
   * more for a method that searches.
   */
  readonly evaluations?: number;
  readonly probes?: Readonly<Partial<Record<Probe, Num | Readonly<Record<string, Packed>>>>>;
  /** Milliseconds of training so far, resumed parts included. */
  readonly timeMs: number;
}

export interface EpochEvent {
  readonly type: "epoch";
  readonly epoch: number;
  readonly step: number;
  /** Mean loss of the epoch's batches as `train.loss`, and what an evaluation at its end found. */
  readonly metrics: Metrics;
  readonly timeMs: number;
}

/** Figures over whole parts of the data, at the returned or current parameters. */
export interface EvaluationEvent {
  readonly type: "evaluation";
  readonly step: number;
  readonly epoch: number;
  readonly metrics: Metrics;
  readonly timeMs: number;
}

/** What a picture needs, so that it can be drawn later from the events alone. */
export interface FigureEvent {
  readonly type: "figure";
  readonly step: number;
  readonly kind: "landscape" | "fit" | "regions" | "confusion" | "samples";
  readonly title: string;
  readonly data: Readonly<Record<string, Packed>>;
  /** Names and labels: columns, classes. Text from data; whoever shows it escapes it. */
  readonly labels?: Readonly<Record<string, Json>>;
}

export interface CheckpointEvent {
  readonly type: "checkpoint";
  readonly step: number;
  readonly path: string;
}

/** Something a user should know, in a sentence: rows dropped, a fallback taken, a reporter dropped. */
export interface NoticeEvent {
  readonly type: "notice";
  readonly level: "info" | "warning";
  readonly message: string;
}

export interface RunEnd {
  readonly type: "run-end";
  readonly status: Status;
  readonly value: Num;
  readonly metrics: Metrics;
  readonly steps: number;
  readonly epochs: number;
  /** Evaluations of the objective altogether, of a minimisation. */
  readonly evaluations?: number;
  readonly timeMs: number;
  /** Of a linear model, in the data's own units. */
  readonly coefficients?: Readonly<Record<string, Num>>;
}

/** What a run tells its reporters, in order: plain data that crosses a worker, a file and a socket unchanged. */
export type Event =
  | RunStart
  | StepEvent
  | EpochEvent
  | EvaluationEvent
  | FigureEvent
  | CheckpointEvent
  | NoticeEvent
  | RunEnd;

/** Measurements that cost something and are taken only when a reporter wants them. */
export type Probe =
  /** Euclidean norm of the whole gradient of the step's rows, before any clipping. */
  | "gradientNorm"
  /** Euclidean norm of the change of all parameters. */
  | "stepNorm"
  /** Cosine of the angle between the step and the negative gradient. */
  | "cosine"
  /**
   * By parameter name, float64 [bins, 3]: left edge, right edge and count of equally wide bins from the least to the
   * largest finite number, parameters after the update, gradients before it; [0, 3] where there is none.
   */
  | "parameterHistograms"
  | "gradientHistograms"
  /** By parameter name: the numbers after the update. */
  | "parameters";

/** How often: always, every so many steps, at most every so many milliseconds. */
export type When = "always" | { readonly every: number } | { readonly everyMs: number };

/** A non-finite number as JSON can carry it. */
export function toNum(x: number): Num {
  return Number.isFinite(x) ? x : (String(x) as Num);
}

/** The number again. */
export function fromNum(x: Num): number {
  return Number(x);
}
