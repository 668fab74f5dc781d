import { train } from "@downhill/core/train";
import type { Samples } from "@downhill/datasets";
import { coefficients, linear } from "@downhill/models";
import { gradientDescent } from "@downhill/optimizers";
import { largestEigenvalue } from "./curvature.js";
import { divide } from "./divide.js";
import { inOwnUnits } from "./own-units.js";
import type { RecipeOptions, Training } from "./recipe.js";

/**
 * Linear regression by gradient descent over all rows at once: the least-squares solution.
 *
 * Features and target are standardized, so that one learning rate suits all coefficients. Coefficients and errors
 * are reported in the data's own units.
 */
export function linearRegression(samples: Samples, options: RecipeOptions = {}): Training {
  const {
    split = { test: 0.2 },
    optimizer = gradientDescent,
    penalties = {},
    batchSize = "all",
    ...rest
  } = options;
  const { train: data, ...others } = divide(samples.standardize({ target: true }), split, rest.seed ?? 0);
  const scaling = data.scaler!;
  const model = linear({ penalties });

  // The mean squared error |Xw - y|²/n curves most by 2λ, λ the largest eigenvalue of XᵀX/n.
  const curvature = 2 * largestEigenvalue(data) + (penalties.l2 ?? 0);

  const run = train(inOwnUnits(model, scaling), {
    data,
    ...others,
    optimizer: optimizer({ learningRate: 1 / curvature }),
    dtype: "float64",
    batchSize,
    epochs: 10_000,
    ...(batchSize === "all" && { gradientTolerance: 1e-10 }),
    coefficients: (parameters) => coefficients(model, parameters, { features: data.info.features, scaling }),
    ...rest,
  });
  return { model, data, test: others.test, run };
}
