import { bind, chain, type Rule, renameHyper } from "@downhill/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectSame, pointsOf, runs } from "../random-runs.fixture.js";
import { adam } from "../rules/adam.js";
import { adamw } from "../rules/adamw.js";
import { gradientDescent } from "../rules/gradient-descent.js";
import { lion } from "../rules/lion.js";
import { polyak } from "../rules/polyak.js";
import { rmsprop } from "../rules/rmsprop.js";
import { scheduleFreeSgd } from "../rules/schedule-free-sgd.js";
import { sgd } from "../rules/sgd.js";
import { deviation } from "../trajectories.fixture.js";
import { clipByGlobalNorm } from "../transforms/index.js";
import {
  absoluteDecay,
  accumulate,
  cautious,
  cautiousDecay,
  decoupledDecay,
  ema,
  lookahead,
  skipNonFinite,
  swa,
} from "./index.js";

const base = () => adam({ learningRate: 0.1, weightDecay: 0.1 });

describe("wrappers that change nothing", () => {
  it.each<[string, (rule: Rule<any>) => Rule<any>]>([
    ["lookahead(every 1, alpha 1)", (rule) => lookahead(rule, { every: 1, alpha: 1 })],
    ["accumulate(1)", (rule) => accumulate(rule, 1)],
    ["skipNonFinite on finite gradients", (rule) => skipNonFinite(rule)],
    ["ema", (rule) => ema(rule, 0.9)],
    ["swa", (rule) => swa(rule, { start: 2, every: 3 })],
  ])("%s", (_, wrap) => {
    expectSame(() => [wrap(base()), base()], 0);
  });
});

describe("accumulate", () => {
  it("makes one step on the mean gradient, and none in between", () => {
    fc.assert(
      fc.property(runs, fc.constantFrom(2, 3, 4), (run, k) => {
        const means = Array.from({ length: run.gradients.length / k }, (_, i) => {
          const some = run.gradients.slice(i * k, (i + 1) * k);
          return Object.fromEntries(
            Object.keys(run.parameters).map((name) => [
              name,
              some[0]![name]!.map((_, j) => some.reduce((sum, g) => sum + g[name]![j]!, 0) / k),
            ]),
          );
        });
        const whole = pointsOf(base(), { ...run, gradients: means }).trajectory;
        const accumulated = pointsOf(accumulate(base(), k), run).trajectory;
        const repeated = Object.fromEntries(
          Object.entries(run.parameters).map(([name, { data }]) => [
            name,
            run.gradients.map((_, i) => (i < k - 1 ? data : whole[name]![Math.floor((i + 1) / k) - 1]!)),
          ]),
        );
        expect(deviation(repeated, accumulated, run)).toBeLessThanOrEqual(1e-12);
      }),
    );
  });

  it("goes on from the middle of a mean", () => {
    const drive = (stepper: ReturnType<typeof make>, from: number, to: number) => {
      for (let t = from; t < to; t++) {
        stepper.gradients.w[0] = Math.sin(t);
        stepper.step();
      }
    };
    const make = () =>
      bind(accumulate(sgd({ learningRate: 1, momentum: 0.5 }), 3), { w: Float64Array.of(1) });
    const whole = make();
    drive(whole, 0, 9);
    const first = make();
    drive(first, 0, 4);
    const second = make();
    second.load(structuredClone(first.save()));
    drive(second, 4, 9);
    expect(second.save()).toEqual(whole.save());
  });

  it("refuses a rule that uses the loss, of which it would see the last one alone", () => {
    expect(() => bind(accumulate(polyak(), 2), { w: new Float64Array(1) })).toThrow(
      "accumulate: the rule uses the loss",
    );
  });
});

describe("decoupledDecay", () => {
  it("makes adamw of adam", () => {
    const settings = { learningRate: 0.1, weightDecay: 0.3 };
    expectSame(() => [decoupledDecay(adam(settings)), adamw(settings)], 0);
  });

  it("needs a weight decay", () => {
    expect(() => decoupledDecay(gradientDescent() as never)).toThrow(
      'decoupled-decay(gradient-descent): gradient-descent has no hyper-parameter "weightDecay", which this needs; it has learningRate.',
    );
  });
});

describe("absoluteDecay", () => {
  it("is decoupledDecay of as much as the learning rate makes of it", () => {
    expectSame(
      () => [
        absoluteDecay(adamw({ learningRate: 0.5, weightDecay: 0.125 })),
        decoupledDecay(adam({ learningRate: 0.5, weightDecay: 0.25 })),
      ],
      0,
    );
  });

  it("does not see the learning rate", () => {
    const stepper = bind(absoluteDecay(sgd({ learningRate: 0, weightDecay: 0.25 })), {
      w: Float64Array.of(4),
    });
    stepper.step();
    expect(stepper.parameters.w).toEqual(Float64Array.of(3));
  });
});

describe("cautious and cautiousDecay", () => {
  it("leave gradient descent as it is where no gradient is 0", () => {
    const stepper = bind(cautious(gradientDescent({ learningRate: 0.5 })), { w: Float64Array.of(1, 2) });
    stepper.gradients.w.set([4, -2]);
    stepper.step();
    expect(stepper.parameters.w).toEqual(Float64Array.of(-1, 3));
  });

  it("make the elements that stay larger in turn", () => {
    // m after two steps is (0.5, 1.5): the second gradient is against the first in one of two elements.
    const stepper = bind(cautious(sgd({ learningRate: 1, momentum: 0.5 })), { w: Float64Array.of(0, 0) });
    stepper.gradients.w.set([4, 2]);
    stepper.step();
    stepper.gradients.w.set([-1, 2]);
    stepper.step();
    expect(stepper.parameters.w).toEqual(Float64Array.of(-4, -2 - 2 * 3));
  });

  it("decay only where the step goes the same way", () => {
    const stepper = bind(cautiousDecay(lion({ learningRate: 0.1, weightDecay: 1 })), {
      w: Float64Array.of(1, -1),
    });
    stepper.gradients.w.set([1, 1]);
    stepper.step();
    expect(stepper.parameters.w[0]).toBeCloseTo(1 - 0.1 - 0.1, 15);
    expect(stepper.parameters.w[1]).toBeCloseTo(-1 - 0.1, 15);
  });

  it("say what they cannot wrap", () => {
    const bound = (rule: Rule<any>) => () => bind(rule, { w: new Float64Array(1) });
    expect(bound(cautious(lookahead(adam())))).toThrow(
      "cautious: the wrapped rule gives new parameters, not steps",
    );
    expect(bound(cautiousDecay(gradientDescent()))).toThrow(
      "cautious-decay: the wrapped rule has no decoupled decay",
    );
  });
});

describe("skipNonFinite", () => {
  it("does as if the gradient had not come, and counts it", () => {
    const make = () =>
      bind(skipNonFinite(adam({ learningRate: 0.1 })), { a: Float64Array.of(1), b: Float64Array.of(2) });
    const [broken, whole] = [make(), make()];
    const feed = (stepper: typeof whole, a: number, b: number) => {
      stepper.gradients.a[0] = a;
      stepper.gradients.b[0] = b;
      stepper.step();
    };
    for (const [a, b] of [
      [1, 2],
      [Number.NaN, 1],
      [3, -1],
      [1, Number.POSITIVE_INFINITY],
      [0.5, 1],
    ] as const) {
      feed(broken, a, b);
      if (Number.isFinite(a) && Number.isFinite(b)) feed(whole, a, b);
    }
    expect(broken.parameters).toEqual(whole.parameters);
    expect(broken.save().state["state.m"]).toEqual(whole.save().state["state.m"]);
    expect(broken.save().state.run!["skip-non-finite.skipped"]!.data[0]).toBe(2);
  });
});

describe("wrappers together", () => {
  it("stand in a chain, and a chain in them", () => {
    expectSame(
      () => [
        chain(clipByGlobalNorm(1), ema(cautious(adamw({ learningRate: 0.1 })))),
        ema(cautious(chain(clipByGlobalNorm(1), adamw({ learningRate: 0.1 }))), 0.5),
      ],
      // The mask sees the gradient before or after clipping, of the same sign.
      0,
    );
  });

  it("have every hyper-parameter, set from outside and while running", () => {
    const rule = ema(
      lookahead(renameHyper(rmsprop({ alpha: 0.9 }), { alpha: "smoothing" }), { alpha: 0.8 }),
      { decay: 0.5 },
    );
    const stepper = bind(rule, { w: Float64Array.of(1) });
    expect({ ...stepper.hyper }).toEqual({
      decay: 0.5,
      alpha: 0.8,
      learningRate: 0.01,
      smoothing: 0.9,
      epsilon: 1e-8,
      weightDecay: 0,
      momentum: 0,
    });
    stepper.hyper.smoothing = 0.5;
    expect(stepper.hyper.smoothing).toBe(0.5);
    expect(rule.name).toBe("ema(lookahead(rmsprop))");
    expect(rule.options).toMatchObject({ centered: false, "lookahead.every": 6 });
  });

  it("refuse a name that both have, and say how to go on", () => {
    expect(() => lookahead(rmsprop())).toThrow(
      'lookahead(rmsprop): both lookahead and rmsprop have a hyper-parameter "alpha"; names must differ. ' +
        'renameHyper(…, { alpha: "…" }) gives one of them another.',
    );
    expect(() => bind(accumulate(accumulate(adam(), 2), 2), { w: new Float64Array(1) })).toThrow(
      'the state "accumulate.sum" is there twice',
    );
    expect(() => renameHyper(adam(), { beta1: "beta2" })).toThrow(
      'both beta1 and beta2 have a hyper-parameter "beta2"',
    );
    expect(() => renameHyper(adam(), { beta3: "x" } as never)).toThrow(
      'unknown hyper-parameter "beta3". Did you mean',
    );
  });

  it("check their settings", () => {
    expect(() => lookahead(adam(), { every: 0 })).toThrow(
      "lookahead: every = 0 is not allowed; expected a whole number from 1 on.",
    );
    expect(() => ema(adam(), { decay: 1 })).toThrow(
      "ema: decay = 1 is not allowed; expected a number in [0, 1).",
    );
    expect(() => ema(adam(), { decoy: 1 } as never)).toThrow(
      'ema: unknown hyper-parameter or option "decoy". Did you mean "decay"?',
    );
  });

  it("keep the view of the rule inside unless they have their own", () => {
    fc.assert(
      fc.property(runs, (run) => {
        const settings = { learningRate: 0.1 };
        const plain = pointsOf(scheduleFreeSgd(settings), run);
        expect(pointsOf(accumulate(scheduleFreeSgd(settings), 1), run).view).toEqual(plain.view);
        expect(pointsOf(swa(scheduleFreeSgd(settings)), run).view).not.toEqual(plain.view);
      }),
      { numRuns: 3 },
    );
  });
});
