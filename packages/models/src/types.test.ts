import type { Data, Tensor } from "@downhill/core";
import type { Model } from "@downhill/core/train";
import { describe, expectTypeOf, it } from "vitest";
import {
  type Classification,
  type Classifier,
  linear,
  logistic,
  mlp,
  predict,
  type Regressor,
  saveModel,
  softmax,
} from "./index.js";

// Checked by the compiler: each line after a @ts-expect-error must stay an error. None of it runs.
describe("types", () => {
  it("know the parameters' names", () => {
    expectTypeOf(linear()).toEqualTypeOf<Regressor<"weight" | "bias">>();
    const deep = () => mlp({ hidden: [64, 32], classes: 10 });
    expectTypeOf(deep).returns.toEqualTypeOf<
      Classifier<
        | "hidden1.weight"
        | "hidden1.bias"
        | "hidden2.weight"
        | "hidden2.bias"
        | "output.weight"
        | "output.bias"
      >
    >();
    const widths: number[] = [3];
    const any = () => mlp({ hidden: widths, outputs: 1 }).init(1, { x: [2], y: [] });
    expectTypeOf<ReturnType<typeof any>["hidden7.weight"]>().toEqualTypeOf<Data<Float64Array>>();
  });

  it("let every model train", () => {
    expectTypeOf(linear()).toExtend<Model>();
    expectTypeOf(logistic()).toExtend<Model>();
    expectTypeOf(mlp({ hidden: [2], classes: 3 })).toExtend<Model>();
  });

  it("tell regressors and classifiers apart", () => {
    const p = {} as Record<"weight" | "bias", Data>;
    const x = {} as Data;
    const regress = () => predict(linear(), p, x);
    const classify = () => predict(logistic(), p, x, { classes: ["no", "yes"] });
    expectTypeOf(regress).returns.toEqualTypeOf<Data>();
    expectTypeOf(classify).returns.toEqualTypeOf<Classification>();
  });

  it("reject misuse", () => {
    const tensor = {} as Tensor;
    const data = {} as Data;
    const batch = { x: tensor, y: tensor, weight: tensor };
    const unused = () => {
      // @ts-expect-error a parameter's name misspelt
      linear().loss({ weight: tensor, bais: tensor }, batch);
      // @ts-expect-error a parameter missing
      linear().loss({ weight: tensor }, batch);
      // @ts-expect-error there is no hidden2
      mlp({ hidden: [4], classes: 2 }).init(1, { x: [2], y: [] })["hidden2.weight"];
      // @ts-expect-error an option misspelt
      mlp({ hidden: [4], clases: 2 });
      // @ts-expect-error classes and outputs exclude each other
      mlp({ hidden: [4], classes: 2, outputs: 1 });
      // @ts-expect-error neither classes nor outputs
      mlp({ hidden: [4] });
      // @ts-expect-error a classifier's loss is not chosen
      mlp({ hidden: [4], classes: 2, loss: "huber" });
      // @ts-expect-error no such activation
      mlp({ hidden: [4], classes: 2, activation: "rellu" });
      // @ts-expect-error no such penalty
      linear({ penalties: { l3: 1 } });
      // @ts-expect-error no such loss
      linear({ loss: "mse" });
      // @ts-expect-error classes missing
      softmax({});
      // @ts-expect-error parameters of another model
      predict(mlp({ hidden: [4], classes: 2 }), { weight: data, bias: data }, data);
      // @ts-expect-error parameters of another model
      saveModel(logistic(), { "output.weight": data, "output.bias": data });
    };
    expectTypeOf(unused).toBeFunction();
  });
});
