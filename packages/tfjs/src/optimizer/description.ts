import type { Optimizer } from "@downhill/core";
import type { Json } from "@downhill/core/train";

/** An optimizer's description in a saved model. */
export interface Description {
  readonly optimizer: string;
  readonly settings: Readonly<Record<string, Json>>;
  readonly options: Readonly<Record<string, Json>>;
}

type Rebuild = (description: Description) => Optimizer<any>;

let registered: Rebuild | undefined;

/** Says how described optimizers are put together again: pages that register none do without the code for it. */
export function rebuildWith(rebuild: Rebuild): void {
  registered = rebuild;
}

/** The optimizer of a description. Throws, saying what to register, when part of it is not known. */
export function rebuild(description: Description): Optimizer<any> {
  if (registered) return registered(description);
  throw new Error(
    `tfOptimizer: the model was saved with the optimizer "${description.optimizer}", and nothing is registered as ` +
      `"${description.optimizer}". Before loading, import "@downhill/tfjs/optimizers", or call registerOptimizers(myRule).`,
  );
}
