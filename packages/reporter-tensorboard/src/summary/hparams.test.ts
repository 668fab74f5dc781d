import { expect, test } from "vitest";
import { everyKind } from "../fixtures/every-kind.js";
import { hyperParametersOf } from "./hparams.js";

const start = everyKind()[0]!;

test("hyper-parameters are the optimizer's, the model's configuration, and how the run trains", () => {
  if (start.type !== "run-start") throw new Error();
  const optimizer = { ...start.optimizer, options: { nesterov: false, clip: null } };
  const model = { ...start.model, config: { model: "mlp", hidden: [4], bias: true } };
  expect(hyperParametersOf({ ...start, optimizer, model })).toEqual({
    model: "mlp",
    "model.hidden": "[4]",
    "model.bias": true,
    data: "größe",
    batchSize: 2,
    seed: 7,
    engine: "js float32",
    optimizer: "nadam",
    nesterov: false,
    learningRate: '{"schedule":"cosine","initial":0.001,"steps":600}',
    beta1: 0.9,
    growthRate: "Infinity",
  });
});
