import { describe, expect, it } from "vitest";
import {
  bind,
  defineOptimizer,
  defineTransform,
  minimize,
  type Rule,
  rate,
  scalar,
  sumOverParameters,
  zeros,
} from "../index.js";
import { chain } from "./chain.js";
import { adam, clipNorm, descent, smooth } from "./test-rules.js";

describe("defineOptimizer", () => {
  it("names what was misspelt, with the nearest", () => {
    expect(() => adam({ learningrate: 1 } as never)).toThrow(
      'adam: unknown hyper-parameter or option "learningrate". Did you mean "learningRate"? ' +
        "It has learningRate, beta1, beta2, epsilon.",
    );
  });

  it("checks ranges, NaN and defaults", () => {
    expect(() => adam({ beta1: 1 })).toThrow("adam: beta1 = 1 is not allowed; expected a number in [0, 1).");
    expect(() => adam({ learningRate: Number.NaN })).toThrow("learningRate = NaN");
    expect(() => adam({ learningRate: "1" as never })).toThrow("learningRate = 1 is not allowed");
    expect(() => adam({ learningRate: Infinity })).toThrow(
      "adam: learningRate = Infinity is not allowed; expected a number in [0, ∞).",
    );
    const define = () =>
      defineOptimizer({
        name: "bad",
        paper: "",
        hyper: { learningRate: rate(-1) },
        update: () => ({}) as never,
      });
    expect(define).toThrow("bad: learningRate = -1 (its default) is not allowed");
  });

  it("takes options as data", () => {
    const rule = defineOptimizer({
      name: "rule",
      paper: "",
      hyper: { learningRate: rate(1) },
      options: { nesterov: false, form: ["a", "b"] },
      update: ({ gradient: g }, { learningRate }, { nesterov, form }) => ({
        step: learningRate
          .mul(g)
          .mul(nesterov ? 2 : 1)
          .mul(form === "b" ? 10 : 1),
      }),
    });
    const moved = (settings: Parameters<typeof rule>[0]) => {
      const stepper = bind(rule(settings), { w: Float64Array.of(0) });
      stepper.gradients.w[0] = -1;
      stepper.step();
      return stepper.parameters.w[0];
    };
    expect([moved({}), moved({ nesterov: true }), moved({ form: "b", nesterov: true })]).toEqual([1, 2, 20]);
    expect(() => rule({ form: "c" as "a" })).toThrow('rule: form = "c" is not allowed; expected "a", "b".');
  });

  it("finds a state that is missing, unknown or of the wrong shape", () => {
    const make = (update: (c: never) => object) =>
      defineOptimizer({ name: "bad", paper: "", hyper: {}, state: { m: zeros }, update: update as never });
    const run = (update: (c: never) => object) => () => bind(make(update)(), { w: new Float64Array(2) });
    expect(run(({ gradient: step }) => ({ step }))).toThrow(
      'bad: the update returned no next value for state "m".',
    );
    expect(run(({ gradient: step, m }) => ({ step, m, mm: m }))).toThrow(
      'bad: unknown state "mm". Did you mean "m"?',
    );
    expect(run(({ m }) => ({ m }))).toThrow('bad: an update returns either "step" or "parameter"');
    expect(() =>
      defineOptimizer({
        name: "bad",
        paper: "",
        hyper: {},
        state: { t: zeros },
        update: (() => ({})) as never,
      }),
    ).toThrow('bad: state must not be called "t"');
  });

  it("keeps scalars of the run on the host when they depend on it alone, else on the device", () => {
    const rule = defineOptimizer({
      name: "rule",
      paper: "",
      hyper: { learningRate: rate(1) },
      state: { product: scalar(1, "run"), largest: scalar(0, "run") },
      update({ gradient: g, t, product, largest }, { learningRate }) {
        const norm = sumOverParameters(g.square().sum()).sqrt();
        return {
          step: learningRate.mul(product).mul(g),
          product: product.mul(t),
          largest: largest.maximum(norm),
        };
      },
    });
    const stepper = bind(rule(), { a: Float64Array.of(0), b: Float64Array.of(0) });
    for (const [a, b] of [
      [3, 4],
      [1, 0],
      [0, 0],
    ] as const) {
      stepper.gradients.a[0] = a;
      stepper.gradients.b[0] = b;
      stepper.step();
    }
    const saved = stepper.save();
    expect(saved.host).toEqual({ product: 6 });
    expect(saved.state.run!.largest!.data[0]).toBe(5);
    expect(stepper.parameters.a[0]).toBe(-3 - 1);
  });

  it("subtracts the decay before the step", () => {
    const rule = defineOptimizer({
      name: "rule",
      paper: "",
      hyper: { learningRate: rate(0.5) },
      update: ({ gradient: g }, { learningRate }) => ({
        step: learningRate.mul(g),
        decay: learningRate.mul(0.2),
      }),
    });
    const stepper = bind(rule(), { w: Float64Array.of(10) });
    stepper.gradients.w[0] = 2;
    stepper.step();
    expect(stepper.parameters.w[0]).toBe(10 * 0.9 - 1);
  });
});

describe("chain", () => {
  it("passes the gradient through every transform in order", () => {
    const double = defineTransform({
      name: "double",
      hyper: {},
      update: ({ gradient: g }) => ({ gradient: g.mul(2) }),
    });
    const plusOne = defineTransform({
      name: "plus-one",
      hyper: {},
      update: ({ gradient: g }) => ({ gradient: g.add(1) }),
    });
    const moved = (optimizer: Rule<any>) => {
      const stepper = bind(optimizer, { w: Float64Array.of(0) });
      stepper.gradients.w[0] = 3;
      stepper.step();
      return stepper.parameters.w[0];
    };
    const rule = descent({ learningRate: 1 });
    expect(moved(chain(double(), plusOne(), rule))).toBe(-7);
    expect(moved(chain(plusOne(), double(), rule))).toBe(-8);
  });

  it("keeps the states of two transforms of one kind apart", () => {
    const stepper = bind(chain(smooth(), smooth(), descent({ learningRate: 1 })), { w: Float64Array.of(0) });
    stepper.gradients.w[0] = 8;
    stepper.step(); // 8 → 4 → 2
    expect(stepper.parameters.w[0]).toBe(-2);
    stepper.gradients.w[0] = 0;
    stepper.step(); // 0 → (0 + 8)/2 = 4 → (4 + 4)/2 = 4
    expect(stepper.parameters.w[0]).toBe(-6);
  });

  it("refuses two hyper-parameters of one name, naming both parts", () => {
    const other = defineTransform({
      name: "other",
      hyper: { learningRate: rate(1) },
      update: ({ gradient }) => ({ gradient }),
    });
    expect(() => chain(other(), descent())).toThrow(
      'chain(other, descent): both other and descent have a hyper-parameter "learningRate"; names must differ.',
    );
  });

  it("lets every part's hyper-parameters be set while running", () => {
    const stepper = bind(chain(clipNorm(), descent({ learningRate: 1 })), { w: Float64Array.of(0) });
    stepper.hyper.maxNorm = 2;
    stepper.gradients.w[0] = -10;
    stepper.step();
    expect(stepper.parameters.w[0]).toBeCloseTo(2, 6);
    expect(Object.keys(stepper.hyper)).toEqual(["maxNorm", "learningRate"]);
  });

  it("works inside minimize", () => {
    const optimizer = chain(clipNorm({ maxNorm: 0.5 }), adam({ learningRate: 0.1 }));
    const result = minimize(({ w }) => w.sub(3).square().sum(), { start: { w: [0, 9] }, optimizer });
    expect(result.status.kind).toBe("converged");
  });
});
