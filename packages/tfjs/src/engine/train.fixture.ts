import type { Engine } from "@downhill/core";
import { train } from "@downhill/core/train";
import { digits } from "@downhill/datasets";
import { mlp } from "@downhill/models";
import { adamw } from "@downhill/optimizers";

/** Trains a net on the digits, the same way on every engine, in float32; the last batch of an epoch is a short one. */
export async function trainNet(engine: Engine<any>) {
  const { train: data, test: validation } = digits().split({ test: 0.2, stratify: true, seed: 1 });
  const result = await train(mlp({ hidden: [16], classes: 10 }), {
    data,
    validation,
    optimizer: adamw({ learningRate: 5e-3 }),
    engine,
    seed: 3,
    batchSize: 64,
    epochs: 2,
    reporters: [],
  });
  const parameters = Object.values(result.parameters).flatMap(({ data }) => Array.from(data));
  return { losses: result.history.map(({ loss }) => loss), parameters };
}
