import type { Samples, Task } from "@downhill/datasets";
import { adamw, gradientDescent, sgd } from "@downhill/optimizers";
import { linearRegression } from "./linear-regression.js";
import { logisticRegression } from "./logistic-regression.js";
import { type NetworkOptions, neuralNetwork } from "./neural-network.js";
import type { Training } from "./recipe.js";

export interface ModelChoice {
  readonly fit: (samples: Samples, options: NetworkOptions) => Training;
  /** What the target must be; by the data where absent. */
  readonly task?: Task;
  /** Name of the default optimizer. */
  readonly optimizer: string;
  /** The default schedule. */
  readonly schedule?: string;
  /** Optimizers that the learning rate which the recipe suggests is good for. */
  readonly suggestedFor: readonly string[];
}

const descents = [gradientDescent.definition.name, sgd.definition.name];

/** What `train` can train. */
export const models: Readonly<Record<string, ModelChoice>> = {
  linear: { fit: linearRegression, task: "regression", optimizer: descents[0]!, suggestedFor: descents },
  logistic: {
    fit: logisticRegression,
    task: "classification",
    optimizer: descents[0]!,
    suggestedFor: descents,
  },
  mlp: {
    fit: neuralNetwork,
    optimizer: adamw.definition.name,
    schedule: "cosine",
    suggestedFor: [adamw.definition.name],
  },
};
