import { type Tensor, valueAndGrad } from "@downhill/core";
import { describe, expect, it } from "vitest";
import cases from "../../fixtures/losses.json" with { type: "json" };
import { compute, deviation, numbers, type Packed, unpack } from "../test-support/compute.js";
import {
  binaryCrossEntropy,
  categoricalCrossEntropy,
  huber,
  meanAbsoluteError,
  meanSquaredError,
} from "./index.js";

const losses = { meanSquaredError, meanAbsoluteError, huber, binaryCrossEntropy, categoricalCrossEntropy };

interface Case {
  readonly loss: keyof typeof losses;
  readonly options: object;
  readonly prediction: Packed;
  readonly target: Packed;
  readonly weight?: Packed;
  readonly value: number;
  readonly gradient: Packed;
}

describe("losses", () => {
  it.each((cases as unknown as Case[]).map((c, i) => ({ title: `${i}: ${c.loss}`, ...c })))(
    "$title has PyTorch's value and gradient",
    ({ loss, options, prediction, target, weight, value, gradient }) => {
      const found = compute(
        {
          prediction: unpack(prediction),
          target: unpack(target),
          ...(weight && { weight: unpack(weight) }),
        },
        ({ prediction, target, weight }) => {
          const f = (p: { x: Tensor }) =>
            losses[loss](p.x, target!, { ...options, ...(weight && { weight }) });
          const { value, gradient } = valueAndGrad(f)({ x: prediction! });
          return { value, gradient: gradient.x };
        },
      );
      expect(Math.abs(found.value[0]! - value)).toBeLessThanOrEqual(1e-14 * Math.abs(value));
      expect(deviation(found.gradient, gradient.data)).toBeLessThanOrEqual(1e-14);
    },
  );

  it("are the numbers computed by hand", () => {
    const { mse, mae, h, weighted } = compute(
      { p: numbers([1, 2, 5]), t: numbers([1, 0, 1]), w: numbers([1, 3, 0]) },
      ({ p, t, w }) => ({
        mse: meanSquaredError(p!, t!),
        mae: meanAbsoluteError(p!, t!),
        h: huber(p!, t!, { delta: 3 }),
        weighted: meanSquaredError(p!, t!, { weight: w! }),
      }),
    );
    expect(mse[0]).toBe((0 + 4 + 16) / 3);
    expect(mae[0]).toBe((0 + 2 + 4) / 3);
    expect(h[0]).toBe((0 + 2 + 3 * (4 - 1.5)) / 3);
    expect(weighted[0]).toBe((0 + 3 * 4) / 4);
  });

  it("count a row of weight 2 as two rows", () => {
    const once = { z: numbers([[1, 2, 0], [0, -1, 3]]), y: numbers([2, 1]), w: numbers([2, 1]) }; // biome-ignore format: a matrix
    const twice = { z: numbers([[1, 2, 0], [1, 2, 0], [0, -1, 3]]), y: numbers([2, 2, 1]) }; // biome-ignore format: a matrix
    const a = compute(once, ({ z, y, w }) => ({ l: categoricalCrossEntropy(z!, y!, { weight: w! }) }));
    const b = compute(twice, ({ z, y }) => ({ l: categoricalCrossEntropy(z!, y!) }));
    expect(Math.abs(a.l[0]! - b.l[0]!)).toBeLessThan(1e-15);
  });

  it.each([3, -1, 0.5, Number.NaN])(
    "make a class index of %d, of 3 classes, a loss that is not finite",
    (wrong) => {
      const { l } = compute({ z: numbers([[1, 2, 0], [0, 0, 0]]), y: numbers([0, wrong]) }, ({ z, y }) => ({
      l: categoricalCrossEntropy(z!, y!),
    })); // biome-ignore format: a matrix
      expect(Number.isFinite(l[0])).toBe(false);
    },
  );

  it("take a class whose logit is -Infinity for one that is not there", () => {
    const all = { z: numbers([[1, 2, -Infinity], [0, -1, -Infinity]]), y: numbers([1, 0]) }; // biome-ignore format: a matrix
    const two = { z: numbers([[1, 2], [0, -1]]), y: numbers([1, 0]) }; // biome-ignore format: a matrix
    const [a, b] = [all, two].map((x) => compute(x, ({ z, y }) => ({ l: categoricalCrossEntropy(z!, y!) })));
    // Each row's loss is log(1 + 1/e).
    expect(a!.l[0]).toBe(b!.l[0]);
    expect(Math.abs(a!.l[0]! - Math.log1p(Math.exp(-1)))).toBeLessThan(1e-15);
  });

  it("refuse shapes that would broadcast", () => {
    const x = { p: numbers([[1], [2]]), t: numbers([1, 2]) };
    expect(() => compute(x, ({ p, t }) => ({ l: meanSquaredError(p!, t!) }))).toThrow(
      "meanSquaredError: prediction [2, 1] and target [2] must have one shape.",
    );
    expect(() => compute(x, ({ p }) => ({ l: categoricalCrossEntropy(p!, p!) }))).toThrow(
      "logits [2, 1] and classes [2, 1] do not fit; expected [rows, classes] and [rows]",
    );
  });

  it("refuse options out of range", () => {
    const x = { p: numbers([1]), t: numbers([1]) };
    expect(() => compute(x, ({ p, t }) => ({ l: huber(p!, t!, { delta: 0 }) }))).toThrow(
      "huber: delta is 0; expected a number above 0.",
    );
    expect(() =>
      compute(x, ({ p, t }) => ({ l: categoricalCrossEntropy(p!, t!, { labelSmoothing: 1 }) })),
    ).toThrow("labelSmoothing is 1; expected a number from 0 and below 1.");
  });
});
