import { train } from "@downhill/core/train";
import type { Samples } from "@downhill/datasets";
import { coefficients, coefficientsByOutput, logistic, softmax } from "@downhill/models";
import { gradientDescent } from "@downhill/optimizers";
import { largestEigenvalue } from "./curvature.js";
import { divide } from "./divide.js";
import type { RecipeOptions, Training } from "./recipe.js";

/**
 * Logistic regression by gradient descent over all rows at once; softmax regression for more classes than two.
 *
 * Coefficients are changes of the log odds for one of the data's own units, those of several classes by
 * `class.feature`.
 */
export function logisticRegression(samples: Samples, options: RecipeOptions = {}): Training {
  const { split = { test: 0.2 }, optimizer = gradientDescent, penalties = {}, ...rest } = options;
  const { train: data, ...others } = divide(samples.standardize(), split, rest.seed ?? 0);
  const scaling = data.scaler!;
  const { features, classes = [] } = data.info;
  const several = classes.length > 2;
  const model = several ? softmax({ classes: classes.length, penalties }) : logistic({ penalties });

  // The cross-entropy curves most by λ/4 for two classes, λ/2 for more (Böhning 1992), λ that of XᵀX/n.
  const curvature = largestEigenvalue(data) / (several ? 2 : 4) + (penalties.l2 ?? 0);

  const run = train(model, {
    data,
    ...others,
    optimizer: optimizer({ learningRate: 1 / curvature }),
    dtype: "float64",
    batchSize: "all",
    epochs: 10_000,
    coefficients: (parameters) =>
      several
        ? flatten(coefficientsByOutput(model, parameters, { features, scaling, outputs: classes }))
        : coefficients(model, parameters, { features, scaling }),
    ...rest,
  });
  return { model, data, test: others.test, run };
}

function flatten(
  byClass: Readonly<Record<string, Readonly<Record<string, number>>>>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(byClass).flatMap(([name, values]) =>
      Object.entries(values).map(([feature, value]) => [`${name}.${feature}`, value]),
    ),
  );
}
