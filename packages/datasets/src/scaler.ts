import { type Data, formatShape, sizeOf, tensor } from "@downhill/core";
import { DataError } from "./data-error.js";
import type { Rows } from "./rows.js";

/** All there is to know about a scaler, as JSON. */
export interface Scaling {
  /** Mean of each feature over the rows it was fitted on. */
  readonly mean: readonly number[];
  /** Standard deviation of each feature over those rows, divided by n; 1 for a constant feature. */
  readonly scale: readonly number[];
  /** The same of the target, where it is scaled too. */
  readonly target?: { readonly mean: number; readonly scale: number };
}

/** A linear model: ŷ = x·weights + intercept. */
export interface Coefficients {
  /** [features] or [features, outputs] */
  readonly weights: Data;
  /** [], [1] or [outputs] */
  readonly intercept: Data;
}

/** Brings features (and a target) to mean 0 and variance 1, and back to the data's own units. */
export interface Scaler extends Scaling {
  /** (x - mean) / scale; x: [rows, ...features]. Returns a new array. */
  transform(x: Data): Data<Float64Array>;
  /** Undoes `transform`. */
  inverse(x: Data): Data<Float64Array>;
  /** (y - mean) / scale where the target is scaled, else y. */
  transformTarget(y: Data): Data<Float64Array>;
  /** Undoes `transformTarget`: predictions in the target's own units. */
  inverseTarget(y: Data): Data<Float64Array>;
  /**
   * Coefficients in the data's own units, of a linear model fitted to scaled rows:
   * `w = w′ · scale_y / scale_x` and `b = mean_y + scale_y · (b′ - Σ w′ · mean_x / scale_x)`. Shapes are kept.
   */
  unscaleCoefficients(coefficients: Coefficients): {
    readonly weights: Data<Float64Array>;
    readonly intercept: Data<Float64Array>;
  };
  /** The scaling alone, for `JSON.stringify`. */
  toJSON(): Scaling;
}

/** A scaler with those figures, such as `JSON.parse` gives back. Throws a DataError when they do not fit. */
export function createScaler({ mean, scale, target }: Scaling): Scaler {
  const features = mean.length;
  if (scale.length !== features) {
    throw new DataError(
      `scaler: got ${features} means and ${scale.length} scales, expected one of each per feature.`,
    );
  }
  mean.forEach((m, j) => {
    requireScaling(`feature ${j}`, m, scale[j]!);
  });
  if (target) requireScaling("target", target.mean, target.scale);

  function mapFeatures(x: Data, f: (value: number, j: number) => number): Data<Float64Array> {
    const width = sizeOf(x.shape.slice(1));
    if (width !== features || x.shape.length < 2) {
      throw new DataError(
        `scaler: x has shape ${formatShape(x.shape)}, expected [rows, ${features}], as many features as were fitted.`,
      );
    }
    const out = new Float64Array(x.data.length);
    for (let i = 0; i < out.length; i++) out[i] = f(x.data[i]!, i % features);
    return tensor(out, x.shape);
  }

  function mapTarget(y: Data, f: (value: number, mean: number, scale: number) => number): Data<Float64Array> {
    const out = Float64Array.from(y.data);
    if (target) for (let i = 0; i < out.length; i++) out[i] = f(out[i]!, target.mean, target.scale);
    return tensor(out, y.shape);
  }

  const scaling: Scaling = { mean, scale, ...(target && { target }) };
  return {
    ...scaling,
    transform: (x) => mapFeatures(x, (value, j) => (value - mean[j]!) / scale[j]!),
    inverse: (x) => mapFeatures(x, (value, j) => value * scale[j]! + mean[j]!),
    transformTarget: (y) => mapTarget(y, (value, m, s) => (value - m) / s),
    inverseTarget: (y) => mapTarget(y, (value, m, s) => value * s + m),
    unscaleCoefficients({ weights, intercept }) {
      const outputs = intercept.data.length;
      if (weights.shape[0] !== features || weights.data.length !== features * outputs) {
        throw new DataError(
          `scaler: weights ${formatShape(weights.shape)} and intercept ${formatShape(intercept.shape)} do not fit ` +
            `${features} features. Expected [${features}] and [], or [${features}, outputs] and [outputs].`,
        );
      }
      const { mean: my, scale: sy } = target ?? { mean: 0, scale: 1 };
      const w = Float64Array.from(weights.data, (value, i) => (value * sy) / scale[Math.floor(i / outputs)]!);
      const b = Float64Array.from(intercept.data, (value) => my + sy * value);
      for (let i = 0; i < w.length; i++) b[i % outputs]! -= w[i]! * mean[Math.floor(i / outputs)]!;
      return { weights: tensor(w, weights.shape), intercept: tensor(b, intercept.shape) };
    },
    toJSON: () => scaling,
  };
}

/** The scaling of those rows, in two passes. */
export function fitScaling({ count, width, x, y }: Rows, { target }: { target: boolean }): Scaling {
  const columns = Array.from({ length: width }, (_, j) => moments(x, j, width, count));
  const ofTarget = target ? moments(y, 0, 1, count) : undefined;
  return {
    mean: columns.map(({ mean }) => mean),
    scale: columns.map(({ scale }) => scale),
    ...(ofTarget && { target: ofTarget }),
  };
}

function requireScaling(what: string, mean: number, scale: number): void {
  if (Number.isFinite(mean) && Number.isFinite(scale) && scale > 0) return;
  throw new DataError(
    `scaler: the ${what} has mean ${mean} and scale ${scale}, expected a finite mean and a positive, finite scale.`,
  );
}

function moments(values: Float64Array, start: number, stride: number, count: number) {
  let sum = 0;
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < count; i++) {
    const value = values[start + i * stride]!;
    sum += value;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  // The rounded sum of equal values would leave a spurious deviation.
  if (least === most) return { mean: least, scale: 1 };
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (values[start + i * stride]! - mean) ** 2;
  // Squares of the least differences that there are underflow.
  return { mean, scale: Math.sqrt(squares / count) || 1 };
}
