import { describe, expect, it } from "vitest";
import { bind } from "../bind/bind.js";
import { js } from "../engine/js/index.js";
import { data as numbers } from "../expr/functions.js";
import { leaf } from "../expr/tensor.js";
import { gradients } from "../gradient/reverse.js";
import { minimizeSteps } from "../minimize/minimize.js";
import { type Data, tensor } from "../program/data.js";
import type { Supervised } from "./dataset.js";
import type { Packed } from "./events.js";
import type { Model } from "./model.js";
import { backtracking, listener, points } from "./train.fixture.js";
import { train } from "./train.js";

const rows = points(37, 1, { noise: 0.3 });
const [whole] = rows.batches({
  size: 37,
  seed: 0,
  epoch: 0,
  shuffle: false,
  last: "keep",
}) as Iterable<Supervised>;

/** A loss that is no parabola, so that steps have to be searched for. */
const robust: Model<Supervised> = {
  name: "robust line",
  config: null,
  init: () => ({ slope: tensor(Float64Array.of(-3), [1]), intercept: tensor(Float64Array.of(4), []) }),
  loss: ({ slope, intercept }, { x, y }) =>
    x.matmul(slope!).add(intercept!).sub(y).square().add(0.1).log().mean(),
};

describe("a method in train", () => {
  it("takes the steps that it takes in minimize and in bind, bit for bit", async () => {
    const method = backtracking();
    const start = robust.init(0, rows.columns) as {
      slope: Data<Float64Array>;
      intercept: Data<Float64Array>;
    };
    const loss = (p: Parameters<typeof robust.loss>[0]) =>
      robust.loss(p, { x: numbers(whole!.x.data, [37, 1]), y: numbers(whole!.y.data) } as never);
    const steps = 12;

    const minimized: number[][] = [];
    for (const { step, parameters, value } of minimizeSteps(loss as never, {
      start,
      optimizer: method,
      maxSteps: steps,
    })) {
      if (step > 0) minimized.push([parameters.slope.data[0]!, parameters.intercept.data[0]!, value]);
    }

    const p = { slope: leaf("p", "slope", [1]), intercept: leaf("p", "intercept", []) };
    const value = loss(p);
    const [slope, intercept] = gradients(value, [p.slope, p.intercept]);
    const session = js().open(
      { p: { slope: [1], intercept: [] }, g: { slope: [1], intercept: [] }, out: { value: [] } },
      "float64",
    );
    const kernel = session.load({
      writes: [
        { arena: "out", name: "value", value },
        { arena: "g", name: "slope", value: slope! },
        { arena: "g", name: "intercept", value: intercept! },
      ],
      hostScalars: [],
    });
    const stepper = bind(method, start, {
      evaluate(at) {
        session.write("p", "slope", at.slope.data);
        session.write("p", "intercept", at.intercept.data);
        kernel.run(new Float64Array(0));
        const read = (name: string) => session.read("g", name) as Float64Array;
        return {
          value: session.read("out", "value")[0]!,
          gradient: { slope: tensor(read("slope"), [1]), intercept: tensor(read("intercept"), []) },
        };
      },
    });
    const bound: number[][] = [];
    for (let i = 0; i < steps; i++) {
      stepper.step();
      bound.push([stepper.parameters.slope.data[0]!, stepper.parameters.intercept.data[0]!, stepper.value]);
    }

    const { events, reporter } = listener({ wants: { parameters: "always" } });
    const options = { dtype: "float64", batchSize: "all", maxSteps: steps, reporters: [reporter] } as const;
    const result = await train(robust, { ...options, data: rows, optimizer: method });
    const trained = events
      .filter((event) => event.type === "step")
      .map(({ probes }) => {
        const now = probes!.parameters as Record<string, Packed>;
        return [(now.slope!.data as Float64Array)[0]!, (now.intercept!.data as Float64Array)[0]!];
      });

    const points = (list: number[][]) => list.map(([a, b]) => [a, b]);
    expect(minimized).toHaveLength(steps);
    expect(new Set(minimized.map(([a]) => a)).size).toBe(steps);
    expect(points(bound)).toEqual(points(minimized));
    expect(trained).toEqual(points(minimized));
    expect(bound).toEqual(minimized);
    expect(result.parameters.slope!.data[0]).toBe(minimized.at(-1)![0]);
    // The values that steps told are those before each of them.
    const values = events.filter((event) => event.type === "step").map((event) => event.value);
    expect(values.slice(1)).toEqual(minimized.slice(0, -1).map(([, , value]) => value));
  });

  it("evaluates each batch anew", async () => {
    const { events, reporter } = listener({ wants: { parameters: "always" } });
    const options = { dtype: "float64", batchSize: 16, epochs: 3, shuffle: false, data: rows } as const;
    await train(robust, { ...options, optimizer: backtracking(), reporters: [reporter] });
    let [slope, intercept] = [-3, 4];
    const steps = events.filter((event) => event.type === "step");
    expect(steps).toHaveLength(9);
    steps.forEach(({ value, probes }, step) => {
      const begin = 16 * (step % 3);
      const x = [...whole!.x.data].slice(begin, begin + 16);
      const losses = x.map((xi, i) =>
        Math.log((slope * xi + intercept - whole!.y.data[begin + i]!) ** 2 + 0.1),
      );
      expect(value).toBeCloseTo(losses.reduce((a, b) => a + b) / x.length, 12);
      const now = probes!.parameters as Record<string, Packed>;
      slope = (now.slope!.data as Float64Array)[0]!;
      intercept = (now.intercept!.data as Float64Array)[0]!;
    });
  });

  it("cannot accumulate", async () => {
    const options = { batchSize: 16, epochs: 1, data: rows, accumulate: 2, optimizer: backtracking() };
    await expect(train(robust, options)).rejects.toThrow("backtracking evaluates where it wants");
  });
});
