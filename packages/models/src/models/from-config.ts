import type { Json } from "@downhill/core/train";
import { requireChoice } from "../check.js";
import { type LinearOptions, linear } from "./linear.js";
import { type LogisticOptions, logistic } from "./logistic.js";
import { type MlpClassifierOptions, mlp } from "./mlp.js";
import type { Classifier, Regressor } from "./model.js";
import { type SoftmaxOptions, softmax } from "./softmax.js";

type Make = (options: { readonly [option: string]: Json }) => Classifier | Regressor;

/** Models by name. Each checks its options itself: a configuration may come from a file. */
const makers = {
  linear: (options) => linear(options as LinearOptions),
  logistic: (options) => logistic(options as LogisticOptions),
  softmax: (options) => softmax(options as unknown as SoftmaxOptions),
  mlp: (options) => mlp(options as unknown as MlpClassifierOptions),
} satisfies Record<string, Make>;

/** The model whose `config` this is. Throws a RangeError for one that no model of this package has. */
export function fromConfig(config: Json): Classifier | Regressor {
  const { model, ...options } = (config ?? {}) as { readonly [option: string]: Json };
  requireChoice("fromConfig", "model", model, Object.keys(makers));
  return makers[model as keyof typeof makers](options);
}
