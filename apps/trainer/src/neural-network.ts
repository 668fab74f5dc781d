import { train } from "@downhill/core/train";
import type { Samples } from "@downhill/datasets";
import { type Activation, type Initializer, mlp } from "@downhill/models";
import { adamw, cosine } from "@downhill/optimizers";
import { defined } from "./defined.js";
import { divide } from "./divide.js";
import { inOwnUnits } from "./own-units.js";
import type { RecipeOptions, Training } from "./recipe.js";

export interface NetworkOptions extends RecipeOptions {
  /** Widths of the hidden layers. Default one of 64. */
  readonly hidden?: readonly number[];
  readonly activation?: Activation;
  readonly initializer?: Initializer;
  readonly dropout?: number;
}

/**
 * A multilayer perceptron, for classes or for numbers, on standardized features: AdamW in batches of 32, with a
 * learning rate that falls along a cosine.
 */
export function neuralNetwork(samples: Samples, options: NetworkOptions = {}): Training {
  const { split = { test: 0.2 }, optimizer = adamwWithCosine, hidden = [64], ...others } = options;
  const { activation, initializer, dropout, penalties, ...rest } = others;
  const { classes } = samples.info;
  const { train: data, ...parts } = divide(samples.standardize({ target: !classes }), split, rest.seed ?? 0);
  const layers = { hidden, activation, initializer, dropout, penalties };
  const training = {
    data,
    ...parts,
    optimizer: optimizer({ learningRate: 3e-3 }),
    batchSize: 32,
    epochs: 30,
    ...rest,
  };
  if (classes) {
    const model = mlp(defined({ ...layers, classes: classes.length }));
    return { model, data, test: parts.test, run: train(model, training) };
  }
  const model = mlp(defined({ ...layers, outputs: 1 }));
  return { model, data, test: parts.test, run: train(inOwnUnits(model, data.scaler!), training) };
}

function adamwWithCosine({ learningRate }: { readonly learningRate: number }) {
  return adamw({ learningRate: cosine(learningRate, { steps: "run" }) });
}
