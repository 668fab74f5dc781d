import type { Data } from "@downhill/core";
import type { AffineNames } from "../models/affine.js";
import type { Classifier, Regressor } from "../models/index.js";
import { checkParameters, type ParameterData } from "./evaluator.js";

/** How features, and perhaps the target, were scaled before training: (value - mean) / scale. */
export interface Scaling {
  /** One for each feature. */
  readonly mean: readonly number[];
  readonly scale: readonly number[];
  readonly target?: { readonly mean: number; readonly scale: number };
}

export interface CoefficientsOptions {
  /** Names of the features, in their order. */
  readonly features: readonly string[];
  /** Undone in the coefficients; none when absent. */
  readonly scaling?: Scaling;
  /** Names of a softmax regression's classes, or of several outputs; their indices when absent. */
  readonly outputs?: readonly string[];
}

/** The change of the output for a unit more of each feature, and the output where all are 0. */
export type Coefficients = Readonly<Record<string, number>> & { readonly intercept: number };

/**
 * A linear model's coefficients by feature name, in the data's own units, and `intercept`. Of a logistic regression
 * they give the log odds of class 1.
 *
 * With x̂ = (x - μ) / σ and y = ȳ + s·ŷ the coefficients are s·w / σ, and the intercept ȳ + s·(b - Σ w·μ / σ).
 */
export function coefficients(
  model: Regressor<AffineNames> | Classifier<AffineNames>,
  parameters: ParameterData<AffineNames>,
  options: CoefficientsOptions,
): Coefficients {
  const all = Object.values(coefficientsByOutput(model, parameters, options));
  if (all.length === 1) return all[0]!;
  throw new RangeError(`coefficients: ${model.name} has ${all.length} outputs; use coefficientsByOutput.`);
}

/** `coefficients` of each output by its name: of a softmax regression, the log odds of each class up to a constant. */
export function coefficientsByOutput(
  model: Regressor<AffineNames> | Classifier<AffineNames>,
  parameters: ParameterData<AffineNames>,
  { features, scaling, outputs }: CoefficientsOptions,
): Readonly<Record<string, Coefficients>> {
  checkParameters(model, parameters, features.length);
  checkNames(features);
  checkScaling(features, scaling);
  const { weight, bias } = parameters;
  const count = bias.data.length;
  const names = outputs ?? Array.from({ length: count }, (_, i) => String(i));
  if (names.length !== count) {
    throw new RangeError(`coefficients: ${names.length} names do not fit ${count} outputs.`);
  }
  return Object.fromEntries(
    names.map((name, output) => [name, unscaled(weight, bias, output, features, scaling)]),
  );
}

function unscaled(
  weight: Data,
  bias: Data,
  output: number,
  features: readonly string[],
  scaling: Scaling | undefined,
): Coefficients {
  const { mean = 0, scale = 1 } = scaling?.target ?? {};
  let intercept = mean + scale * bias.data[output]!;
  const slopes = features.map((name, j) => {
    const slope = (scale * weight.data[j * bias.data.length + output]!) / (scaling?.scale[j] ?? 1);
    intercept -= slope * (scaling?.mean[j] ?? 0);
    return [name, slope] as const;
  });
  return { ...Object.fromEntries(slopes), intercept };
}

function checkNames(features: readonly string[]): void {
  const names = [...features, "intercept"];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  throw new RangeError(
    `coefficients: the name "${twice}" stands for two of ${names.join(", ")}; rename the feature.`,
  );
}

function checkScaling(features: readonly string[], scaling: Scaling | undefined): void {
  if (scaling === undefined) return;
  const { mean, scale, target } = scaling;
  if (mean.length !== features.length || scale.length !== features.length) {
    throw new RangeError(
      `coefficients: ${mean.length} means and ${scale.length} scales do not fit ${features.length} features.`,
    );
  }
  const wrong = [...scale, ...(target ? [target.scale] : [])].find((s) => !(s > 0));
  if (wrong !== undefined)
    throw new RangeError(`coefficients: a scale is ${wrong}; expected a number above 0.`);
}
