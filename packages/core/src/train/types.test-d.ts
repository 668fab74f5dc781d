// Compiled by `typecheck`: each line after a @ts-expect-error must stay an error.
import { constant } from "../expr/tensor.js";
import { type Data, tensor } from "../program/data.js";
import type { Batch, Dataset, Reporter, Supervised } from "./index.js";
import { gradientDescent, line, points } from "./train.fixture.js";
import { train } from "./train.js";

const options = { data: points(10), optimizer: gradientDescent(), epochs: 1 };

async function results() {
  const run = train(line, options);
  const { parameters, metrics } = await run;
  const slope: Data = parameters.slope;
  const mae: number = metrics.train.mae + metrics.train.loss + (metrics.validation?.mae ?? 0);
  // @ts-expect-error misspelt parameter
  parameters.slop;
  // @ts-expect-error misspelt metric
  metrics.train.mea;
  // @ts-expect-error misspelt part
  metrics.validate;
  for await (const { step, value } of run) {
    if (step + value > 1) break;
  }
  return { slope, mae };
}

function optionNames() {
  // @ts-expect-error misspelt option
  train(line, { ...options, batchsize: 3 });
  // @ts-expect-error a size is a number or "all"
  train(line, { ...options, batchSize: "full" });
  // @ts-expect-error misspelt hyper-parameter
  train(line, { ...options, optimizer: gradientDescent({ learningrate: 1 }) });
  train(line, { ...options, earlyStopping: { monitor: "validation.mae", mode: "min", patience: 3 } });
  // @ts-expect-error misspelt metric
  train(line, { ...options, earlyStopping: { monitor: "validation.mea", mode: "min", patience: 3 } });
  // @ts-expect-error misspelt part
  train(line, { ...options, earlyStopping: { monitor: "validate.loss", patience: 3 } });
  // @ts-expect-error the test data is evaluated once, at the end
  train(line, { ...options, earlyStopping: { monitor: "test.loss", patience: 3 } });
  train(line, { ...options, target: { metric: "train.loss", value: 0 } });
  // @ts-expect-error misspelt metric
  train(line, { ...options, target: { metric: "train.los", value: 0 } });
  train(line, { ...options, coefficients: ({ slope }) => ({ x: slope.data[0]! }) });
  // @ts-expect-error misspelt parameter
  train(line, { ...options, coefficients: ({ slop }) => ({ x: slop.data[0] }) });
  const reporter: Reporter = { name: "a", on() {} };
  train(line, { ...options, reporters: [reporter] });
  // @ts-expect-error misspelt probe
  train(line, { ...options, reporters: [{ ...reporter, wants: { gradientnorm: "always" } }] });
}

function otherColumns() {
  interface Pairs extends Batch {
    readonly left: Data;
    readonly right: Data;
  }
  const pairs = {} as Dataset<Pairs>;
  const model = {
    name: "distance",
    config: null,
    init: () => ({ w: tensor(new Float64Array(1)) }),
    loss: () => constant(0),
  };
  train(model, { ...options, data: pairs });
  // @ts-expect-error validation data has the same columns
  train(model, { ...options, data: pairs, validation: {} as Dataset<Supervised> });
}

export { optionNames, otherColumns, results };
