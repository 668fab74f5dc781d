import { js, type Tensor, valueAndGrad } from "@downhill/core";
import { describe, expect, it } from "vitest";
import cases from "../../fixtures/fits.json" with { type: "json" };
import { compute, deviation, type Packed, unpack } from "../test-support/compute.js";
import { predict } from "../use/index.js";
import { fromConfig } from "./from-config.js";
import { linear } from "./linear.js";
import { logistic } from "./logistic.js";
import { softmax } from "./softmax.js";

interface Case {
  readonly model: string;
  readonly options: { readonly penalties: { readonly l1?: number; readonly l2?: number } };
  readonly estimator: string;
  readonly x: Packed;
  readonly y: Packed;
  readonly weight: Packed;
  readonly bias: Packed;
  readonly prediction: Packed;
}

describe.each(cases as unknown as Case[])("$model at the solution of scikit-learn's $estimator", (c) => {
  const model = fromConfig({ model: c.model, ...c.options });
  const parameters = { weight: unpack(c.weight), bias: unpack(c.bias) };

  it("predicts the same", () => {
    const found = predict(model, parameters, unpack(c.x));
    expect(
      deviation("probabilities" in found ? found.probabilities.data : found.data, c.prediction.data),
    ).toBeLessThan(1e-13);
  });

  it("has no gradient left, with the strengths that the documentation gives", () => {
    const rows = { x: unpack(c.x), y: unpack(c.y), w: { data: new Float64Array(30).fill(1), shape: [30] } };
    const found = compute(
      { ...parameters, ...rows },
      (inputs) => {
        const { weight, bias, x, y, w } = inputs as Record<"weight" | "bias" | "x" | "y" | "w", Tensor>;
        const { gradient } = valueAndGrad((p: { weight: Tensor; bias: Tensor }) =>
          model.loss(p, { x, y, weight: w }),
        )({ weight, bias });
        return gradient;
      },
      js(),
    );
    for (const g of found.bias) expect(Math.abs(g)).toBeLessThan(1e-9);
    // Where the lasso left a weight at 0 the loss may pull at it, up to the strength of the penalty.
    found.weight.forEach((g, i) => {
      const slack = c.weight.data[i] === 0 ? (c.options.penalties.l1 ?? 0) : 0;
      expect(Math.abs(g)).toBeLessThan(slack + 1e-9);
    });
  });
});

describe("linear models", () => {
  it("start at 0, with weights [in, out]", () => {
    expect(linear({ outputs: 2 }).init(1, { x: [3], y: [2] })).toEqual({
      weight: { data: new Float64Array(6), shape: [3, 2] },
      bias: { data: new Float64Array(2), shape: [2] },
    });
    expect(logistic().shapes(3)).toEqual({ weight: [3, 1], bias: [1] });
    expect(softmax({ classes: 4 }).shapes(3)).toEqual({ weight: [3, 4], bias: [4] });
  });

  it("are made again by their configurations", () => {
    for (const model of [
      linear({ loss: "huber", penalties: { l1: 1 } }),
      logistic(),
      softmax({ classes: 3 }),
    ]) {
      const again = fromConfig(JSON.parse(JSON.stringify(model.config)));
      expect(again.config).toEqual(model.config);
      expect(again.kind).toBe(model.kind);
    }
  });

  it("take targets of one number or of several", () => {
    const loss = (model: ReturnType<typeof linear>, y: number[], shape: number[]) => {
      const outputs = shape[1] ?? 1;
      const inputs = {
        weight: { data: new Float64Array(2 * outputs).fill(1), shape: [2, outputs] },
        bias: { data: new Float64Array(outputs), shape: [outputs] },
        x: { data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] },
        y: { data: Float64Array.from(y), shape },
        w: { data: Float64Array.of(1, 3), shape: [2] },
      };
      return compute(inputs, ({ weight, bias, x, y, w }) => ({
        loss: model.loss({ weight: weight!, bias: bias! }, { x: x!, y: y!, weight: w! }),
      })).loss[0];
    };
    // Outputs 3 and 7.
    expect(loss(linear(), [4, 5], [2])).toBe((1 + 3 * 4) / 4);
    expect(loss(linear(), [4, 5], [2, 1])).toBe((1 + 3 * 4) / 4);
    expect(loss(linear({ outputs: 2 }), [4, 3, 7, 5], [2, 2])).toBe((0.5 + 3 * 2) / 4);
    expect(loss(linear({ loss: "meanAbsoluteError" }), [4, 5], [2])).toBe((1 + 3 * 2) / 4);
    expect(loss(linear({ loss: { huber: 1 } }), [4, 5], [2])).toBe((0.5 + 3 * 1.5) / 4);
  });

  it("refuse unknown options and models", () => {
    expect(() => softmax({ classes: 3, clases: 3 } as never)).toThrow(
      'unknown option "clases". Did you mean "classes"?',
    );
    expect(() => logistic({ penalties: { l2: Number.NaN } })).toThrow("logistic: penalties.l2 is NaN");
    expect(() => fromConfig({ model: "liner" })).toThrow(
      'fromConfig: unknown model "liner". Did you mean "linear"? There are linear, logistic, softmax, mlp.',
    );
    expect(() => fromConfig(null)).toThrow("fromConfig: unknown model undefined.");
    expect(() => fromConfig({ model: "toString" })).toThrow('unknown model "toString"');
  });
});
