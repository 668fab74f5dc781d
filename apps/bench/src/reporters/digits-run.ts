import type { Engine } from "@downhill/core";
import { type Reporter, train } from "@downhill/core/train";
import { digits } from "@downhill/datasets";
import { mlp } from "@downhill/models";
import { adamw } from "@downhill/optimizers";

const rows = digits().standardize();
const batchSize = 32;
export const stepsPerEpoch = Math.ceil(rows.rows / batchSize);

/** When the epochs of a training of the digits net began, in milliseconds. */
export async function epochTimes(
  engine: Engine,
  epochs: number,
  reporters: readonly Reporter[],
): Promise<number[]> {
  const times: number[] = [];
  // The run asks for an epoch's batches when it begins it, and for all rows at once to evaluate them.
  const data: typeof rows = {
    ...rows,
    batches(options) {
      if (options.size === batchSize) times.push(performance.now());
      return rows.batches(options);
    },
  };
  const { notices } = await train(mlp({ hidden: [64], classes: 10 }), {
    ...{ data, engine, batchSize, epochs, reporters },
    optimizer: adamw(),
  });
  if (notices.length > 0) throw new Error(notices.join(" "));
  return times;
}
