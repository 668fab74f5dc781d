import type { Engine } from "@downhill/core";
import { type Reporter, train } from "@downhill/core/train";
import { digits } from "@downhill/datasets";
import { mlp } from "@downhill/models";
import { adamw } from "@downhill/optimizers";

const rows = digits().standardize();
const batchSize = 32;

/** When each step of a training of the digits net began, in milliseconds. */
export async function stepTimes(
  engine: Engine,
  epochs: number,
  reporters: readonly Reporter[],
): Promise<number[]> {
  const times: number[] = [];
  const data: typeof rows = {
    ...rows,
    *batches(options) {
      for (const batch of rows.batches(options)) {
        // A step begins with its batch; all rows at once are to be evaluated.
        if (options.size === batchSize) times.push(performance.now());
        yield batch;
      }
    },
  };
  const { notices } = await train(mlp({ hidden: [64], classes: 10 }), {
    ...{ data, engine, batchSize, epochs, reporters },
    optimizer: adamw(),
  });
  if (notices.length > 0) throw new Error(notices.join(" "));
  return times;
}

export const stepsPerEpoch = Math.ceil(rows.rows / batchSize);
