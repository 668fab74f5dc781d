import type { Optimizer } from "@downhill/core";
import type { Run, Supervised, TrainOptions, TrainResult } from "@downhill/core/train";
import type { Samples } from "@downhill/datasets";
import type { Classifier, Penalties, Regressor } from "@downhill/models";
import type { Shares } from "./divide.js";

/** Of any model: of its metrics nothing is known but the loss. */
type AnyTrainOptions = TrainOptions<Supervised, string, never>;

/** What can be said of any training here; each recipe has its defaults. */
export interface RecipeOptions
  extends Partial<Omit<AnyTrainOptions, "data" | "validation" | "test" | "optimizer" | "coefficients">> {
  /** Shares of the rows to keep apart. Default a fifth for testing. */
  readonly split?: Shares;
  /** Makes the optimizer, told a learning rate that suits the data. */
  readonly optimizer?: (suggested: { readonly learningRate: number }) => Optimizer<any>;
  readonly penalties?: Penalties;
}

/** A training under way, what is trained, and the rows it learns from. */
export interface Training {
  readonly model: Regressor | Classifier;
  readonly data: Samples;
  /** Rows kept apart, that it has not seen. */
  readonly test?: Samples | undefined;
  readonly run: Run<TrainResult>;
}
