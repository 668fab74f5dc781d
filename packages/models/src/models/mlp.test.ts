import {
  checkGradients,
  constant,
  data,
  defineOptimizer,
  js,
  rate,
  reference,
  type Tensor,
  tensor,
  valueAndGrad,
} from "@downhill/core";
import { train } from "@downhill/core/train";
import { describe, expect, it } from "vitest";
import cases from "../../fixtures/nets.json" with { type: "json" };
import { compute, deviation, type Packed, unpack, unpackAll } from "../test-support/compute.js";
import { dataset } from "../test-support/rows.js";
import { predict } from "../use/index.js";
import { fromConfig } from "./from-config.js";
import { mlp } from "./mlp.js";

const descent = defineOptimizer({
  name: "descent",
  paper: "Cauchy 1847",
  hyper: { learningRate: rate(0.1) },
  update: ({ gradient }, { learningRate }) => ({ step: learningRate.mul(gradient) }),
});

interface Case {
  readonly options: {
    readonly hidden: readonly number[];
    readonly classes?: number;
    readonly activation?: string;
  };
  readonly parameters: Readonly<Record<string, Packed>>;
  readonly x: Packed;
  readonly y: Packed;
  readonly weight: Packed;
  readonly prediction: Packed;
  readonly values: readonly number[];
  readonly gradient: Readonly<Record<string, Packed>>;
  readonly after: Readonly<Record<string, Packed>>;
}

const titled = (cases as unknown as Case[]).map((c) => ({ title: JSON.stringify(c.options), ...c }));

describe.each([reference(), js()])("a net on $name", (engine) => {
  describe.each(titled)("$title", (c) => {
    const model = fromConfig({ model: "mlp", ...c.options });
    const start = unpackAll(c.parameters);
    const batch = { x: unpack(c.x), y: unpack(c.y), weight: unpack(c.weight) };
    const names = Object.keys(start);
    const evaluate = (parameters: typeof start) =>
      compute(
        { ...parameters, ...batch },
        (inputs) => {
          const { x, y, weight } = inputs as { x: Tensor; y: Tensor; weight: Tensor };
          const p = Object.fromEntries(names.map((name) => [name, inputs[name]!]));
          const { value, gradient } = valueAndGrad((p) => model.loss(p, { x, y, weight }))(p);
          return { ...gradient, value } as Readonly<Record<string, Tensor>>;
        },
        engine,
      );

    it("predicts what PyTorch predicts", () => {
      const found = predict(model, start, batch.x, { engine, batchSize: 4 });
      const numbers = "probabilities" in found ? found.probabilities : found;
      expect(numbers.shape).toEqual(c.prediction.shape);
      expect(deviation(numbers.data, c.prediction.data)).toBeLessThan(1e-14);
    });

    it("has PyTorch's loss and gradients over three steps of descent", () => {
      let p = start;
      for (const [step, value] of c.values.entries()) {
        const found = evaluate(p);
        expect(Math.abs(found.value![0]! - value)).toBeLessThan(1e-13 * value);
        for (const name of step === 0 ? names : []) {
          expect(deviation(found[name]!, c.gradient[name]!.data), name).toBeLessThan(1e-13);
        }
        const next = names.map((name) => {
          const data = p[name]!.data.map((w, i) => w - 0.1 * found[name]![i]!);
          return [name, { data, shape: p[name]!.shape }];
        });
        p = Object.fromEntries(next);
      }
      for (const name of names)
        expect(deviation(p[name]!.data, c.after[name]!.data), name).toBeLessThan(1e-13);
    });
  });
});

describe("mlp", () => {
  const columns = { x: [8, 8], y: [] };

  it("names its parameters by layer, with weights [in, out], for rows of any shape", () => {
    const parameters = mlp({ hidden: [16, 12], classes: 10 }).init(1, columns);
    expect(Object.entries(parameters).map(([name, { shape }]) => [name, shape])).toEqual([
      ["hidden1.weight", [64, 16]],
      ["hidden1.bias", [16]],
      ["hidden2.weight", [16, 12]],
      ["hidden2.bias", [12]],
      ["output.weight", [12, 10]],
      ["output.bias", [10]],
    ]);
    expect(parameters["hidden2.bias"].data).toEqual(new Float64Array(12));
  });

  it("starts by the seed alone, each weight independently of the others", () => {
    const net = mlp({ hidden: [16], classes: 10 });
    expect(net.init(3, columns)).toEqual(net.init(3, columns));
    expect(net.init(4, columns)).not.toEqual(net.init(3, columns));
    const deeper = mlp({ hidden: [16, 16], classes: 10 }).init(3, columns);
    expect(deeper["hidden1.weight"]).toEqual(net.init(3, columns)["hidden1.weight"]);
    expect(deeper["hidden2.weight"].data.slice(0, 10)).not.toEqual(
      deeper["hidden1.weight"].data.slice(0, 10),
    );
  });

  it("starts with the variance that suits its activation", () => {
    const variance = (options: { activation?: "tanh"; initializer?: "lecunNormal" }) => {
      const { data } = mlp({ hidden: [200], outputs: 1, ...options }).init(1, { x: [100], y: [] })[
        "hidden1.weight"
      ];
      return data.reduce((sum, w) => sum + w * w, 0) / data.length;
    };
    expect(Math.abs(variance({}) - 2 / 100)).toBeLessThan(1e-3);
    expect(Math.abs(variance({ activation: "tanh" }) - 2 / 300)).toBeLessThan(5e-4);
    expect(Math.abs(variance({ initializer: "lecunNormal" }) - 1 / 100)).toBeLessThan(5e-4);
  });

  it("drops out while training only", () => {
    const net = mlp({ hidden: [32], outputs: 1, dropout: 0.5 });
    const parameters = net.init(1, { x: [4], y: [] });
    const x = { data: Float64Array.from({ length: 12 }, (_, i) => Math.cos(i)), shape: [3, 4] };
    const { once, again, other, off } = compute(
      { ...parameters, x, key: { data: Float64Array.of(5), shape: [] } },
      (p) => {
        const at = (key?: Tensor) => net.predict(p as never, { x: p.x!, ...(key && { key }) });
        return { once: at(p.key), again: at(p.key), other: at(p.key!.add(1)), off: at() };
      },
    );
    expect(once).toEqual(again);
    expect(once).not.toEqual(other);
    expect(once).not.toEqual(off);
    expect(off).toEqual(predict(net, parameters, x).data);
  });

  it("drops out other elements in each layer", () => {
    const n = 60;
    const net = mlp({ hidden: [n, n], outputs: n, activation: "identity", dropout: 0.5 });
    const same = {
      data: Float64Array.from({ length: n * n }, (_, i) => Number(i % (n + 1) === 0)),
      shape: [n, n],
    };
    const bias = { data: new Float64Array(n), shape: [n] };
    const layers = { "hidden1.weight": same, "hidden2.weight": same, "output.weight": same };
    const parameters = { ...layers, "hidden1.bias": bias, "hidden2.bias": bias, "output.bias": bias };
    const { y } = compute(parameters, (p) => ({
      y: net.predict(p as never, { x: constant(1, [20, n]), key: constant(3) }),
    }));
    // Kept by both: a quarter of 1200; with one mask for both it would be half.
    expect(Math.abs(y.filter((value) => value !== 0).length / y.length - 0.25)).toBeLessThan(0.05);
  });

  it("has the gradient that differences find, dropout and penalties included", () => {
    const net = mlp({
      hidden: [6, 5],
      classes: 3,
      activation: "tanh",
      dropout: 0.3,
      penalties: { l1: 0.1, l2: 0.2 },
    });
    const wave = (rows: number) => Array.from({ length: rows * 4 }, (_, i) => Math.sin(1 + 3 * i));
    const batch = {
      x: data(wave(7), [7, 4]),
      y: data([0, 1, 2, 0, 1, 2, 1]),
      weight: data([1, 2, 0, 0.5, 1, 3, 1]),
      key: constant(11),
    };
    const check = checkGradients((p) => net.loss(p, batch), net.init(2, { x: [4], y: [] }));
    expect(check.ok, check.why).toBe(true);
  });

  it("is made again by its configuration", () => {
    const net = mlp({
      hidden: [5],
      outputs: 2,
      activation: "gelu",
      loss: { huber: 2 },
      dropout: 0.1,
      penalties: { l2: 3 },
    });
    const config = JSON.parse(JSON.stringify(net.config));
    expect(config).toEqual({
      model: "mlp",
      hidden: [5],
      outputs: 2,
      activation: "gelu",
      initializer: "heNormal",
      loss: { huber: 2 },
      dropout: 0.1,
      penalties: { l1: 0, l2: 3 },
    });
    expect(fromConfig(config).config).toEqual(net.config);
  });

  it.each([
    [{ hidden: [64] }, "set either classes, to tell classes apart, or outputs"],
    [{ hidden: [64], classes: 3, outputs: 1 }, "set either classes"],
    [{ hidden: [64, 0], classes: 3 }, "hidden[1] is 0; expected a whole number from 1"],
    [{ hidden: 64, classes: 3 }, "hidden must be a list of widths, as in [64, 64]"],
    [{ hidden: [64], classes: 1 }, "classes is 1; expected a whole number from 2"],
    [
      { hidden: [64], classes: 3, activation: "rellu" },
      'unknown activation "rellu". Did you mean "relu"? There are relu,',
    ],
    [{ hidden: [64], classes: 3, initializer: "he" }, 'unknown initializer "he".'],
    [{ hidden: [64], classes: 3, dropout: 1 }, "dropout is 1; expected a number from 0 and below 1"],
    [{ hidden: [64], outputs: 1, loss: "mse" }, 'unknown loss "mse". There are meanSquaredError,'],
    [{ hidden: [64], outputs: 1, loss: { huber: -1 } }, "loss.huber is -1; expected a number above 0"],
    [{ hidden: [64], classes: 3, loss: "huber" }, 'unknown option "loss".'],
    [{ hiden: [64], classes: 3 }, 'unknown option "hiden". Did you mean "hidden"?'],
  ])("refuses %j", (options, message) => {
    expect(() => mlp(options as never)).toThrow(`mlp: ${message}`);
  });

  it("refuses classes that it does not have, in each part of the data, before it learns", async () => {
    const part = (name: string, y: readonly number[]) => ({
      ...dataset({ x: tensor(Float64Array.from(y), [y.length, 1]), y: tensor(Float64Array.from(y)) }),
      info: { name, features: ["x"], target: "y" },
    });
    const run = (parts: object) =>
      train(mlp({ hidden: [2], classes: 3 }), {
        data: part("digits", [0, 1, 2, 1]),
        optimizer: descent(),
        epochs: 1,
        ...parts,
      });
    expect((await run({})).steps).toBe(1);
    const message = (name: string, found: number) =>
      `mlp on data "${name}": the target of row 2 is ${found}; expected a class index, a whole number from 0 to 2.`;
    for (const option of ["data", "validation", "test"])
      await expect(run({ [option]: part("more", [0, 1, 3]) })).rejects.toThrow(message("more", 3));
    await expect(run({ batchSize: "all", data: part("all", [0, 1, 0.5]) })).rejects.toThrow(
      message("all", 0.5),
    );
  });

  it("refuses data whose target does not fit", () => {
    expect(() => mlp({ hidden: [4], classes: 3 }).init(1, { x: [4], y: [3] })).toThrow(
      "mlp: a row's target y has shape [3]; expected one class index, [].",
    );
    expect(() => mlp({ hidden: [4], outputs: 2 }).init(1, { x: [4], y: [] })).toThrow(
      "mlp: a row's target y has shape [], but the model has 2 outputs.",
    );
  });
});
