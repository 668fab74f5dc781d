import { type Data, tensor } from "@downhill/core";
import type { BatchOptions, Dataset, DatasetInfo, Supervised } from "@downhill/core/train";
import { batchesOf } from "./batches.js";
import { DataError } from "./data-error.js";
import type { Encoding, FeatureEncoding } from "./encoding.js";
import { fingerprint } from "./fingerprint.js";
import { fillMissing, fitFill } from "./missing.js";
import { type Rows, takeRows } from "./rows.js";
import { createScaler, fitScaling, type Scaler, type Scaling } from "./scaler.js";
import { type SplitOptions, splitIndices } from "./split.js";
import { quoted } from "./text.js";

/** Features and target, whole or in part, in float64. */
export interface SampleColumns extends Supervised {
  readonly x: Data<Float64Array>;
  readonly y: Data<Float64Array>;
}

/** Rows of features and a target, ready to train on. Nothing changes them; each method gives new ones. */
export interface Samples extends Dataset<Supervised> {
  /** All rows: x [rows, …], y [rows], and `weight` [rows] where rows are weighed. */
  readonly values: SampleColumns;
  /** What was done to the data that people should know of, a sentence each. */
  readonly notices: readonly string[];
  /** What turns a table's row into a row of x, as JSON. */
  readonly encoding: Encoding;
  /** How x (and y) were scaled; absent before `standardize`. */
  readonly scaler: Scaler | undefined;
  /**
   * Parts of the rows at random, as a pure function of the seed. Imputed values and scaling are fitted to the
   * training part alone and applied to all parts, whether they were asked for before or after.
   */
  split(options: SplitOptions & { readonly test: number; readonly validation: number }): {
    readonly train: Samples;
    readonly validation: Samples;
    readonly test: Samples;
  };
  split(options: Omit<SplitOptions, "validation"> & { readonly test: number }): {
    readonly train: Samples;
    readonly test: Samples;
  };
  split(options: Omit<SplitOptions, "test"> & { readonly validation: number }): {
    readonly train: Samples;
    readonly validation: Samples;
  };
  /**
   * Features with mean 0 and variance 1 over the training part (all rows before a split). Constant features are only
   * centred. `target: true` scales a numeric target too; predictions then need `scaler.inverseTarget`.
   */
  standardize(options?: { readonly target?: boolean }): Samples;
  batches(options: BatchOptions): Iterable<SampleColumns>;
}

/** What samples are made of: rows in the data's own units, and what is to be done to them. */
export interface SampleParts {
  readonly rows: Rows;
  /** Rows that imputation and scaling are fitted to: the training part. */
  readonly basis: Rows;
  readonly info: DatasetInfo;
  /** Shape of a row of x. */
  readonly shape: readonly number[];
  readonly features: readonly FeatureEncoding[];
  readonly notices: readonly string[];
  readonly impute: "mean" | "median" | undefined;
  readonly standardize: { readonly target: boolean } | undefined;
}

export function createSamples(parts: SampleParts): Samples {
  const { rows, info, shape } = parts;
  const fitted = lazy(() => fit(parts));
  const values = lazy(() => prepare(rows, shape, fitted()));
  const digest = lazy(() => {
    const { x, y, weight } = values();
    return fingerprint([
      JSON.stringify([info, x.shape, weight !== undefined]),
      x.data,
      y.data,
      ...(weight ? [weight.data as Float64Array] : []),
    ]);
  });
  return {
    rows: rows.count,
    info,
    columns: { x: shape, y: [], ...(rows.weight && { weight: [] }) },
    get fingerprint() {
      return digest();
    },
    get values() {
      return values();
    },
    notices: parts.notices,
    get encoding() {
      const { fill, scaling } = fitted();
      return { features: parts.features, shape, ...(fill && { fill }), ...(scaling && { scaling }) };
    },
    get scaler() {
      const { scaling } = fitted();
      return scaling && createScaler(scaling);
    },
    split(options: SplitOptions) {
      const { train, validation, test, notices } = splitIndices(rows.y, info.classes, options);
      const basis = takeRows(rows, train);
      const part = (of: Rows) =>
        createSamples({ ...parts, rows: of, basis, notices: [...parts.notices, ...notices] });
      // Which parts there are is in the overloads.
      return {
        train: part(basis),
        ...(options.validation !== undefined && { validation: part(takeRows(rows, validation)) }),
        ...(options.test !== undefined && { test: part(takeRows(rows, test)) }),
      } as { train: Samples; validation: Samples; test: Samples };
    },
    standardize({ target = false } = {}) {
      if (target && info.classes) {
        throw new DataError(
          `standardize: the target ${quoted(info.target)} has classes; only numbers can be scaled.`,
        );
      }
      return createSamples({ ...parts, standardize: { target } });
    },
    batches: (options) =>
      batchesOf(values() as SampleColumns & Record<string, Data<Float64Array>>, rows.count, options),
  };
}

interface Fitted {
  readonly fill: readonly number[] | undefined;
  readonly scaling: Scaling | undefined;
}

function fit({ basis, impute, standardize, info }: SampleParts): Fitted {
  const fill = impute && fitFill(basis, impute, info.features);
  const filled = fill ? { ...basis, x: fillMissing(basis.x.slice(), fill) } : basis;
  return { fill, scaling: standardize && fitScaling(filled, standardize) };
}

function prepare(
  { count, x, y, weight }: Rows,
  shape: readonly number[],
  { fill, scaling }: Fitted,
): SampleColumns {
  const filled = tensor(fill ? fillMissing(x.slice(), fill) : x, [count, ...shape]);
  const scaler = scaling && createScaler(scaling);
  return {
    x: scaler ? scaler.transform(filled) : filled,
    y: scaling?.target ? scaler!.transformTarget(tensor(y)) : tensor(y),
    ...(weight && { weight: tensor(weight) }),
  };
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
