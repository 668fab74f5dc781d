import { describe, expect, it } from "vitest";
import {
  applyChange,
  bind,
  chain,
  copy,
  count,
  defineOptimizer,
  defineTransform,
  defineWrapper,
  oneMinus,
  type Rule,
  rate,
  renameHyper,
  type SlotContext,
  sumOverParameters,
  sumWithinGroup,
  zeros,
} from "../index.js";
import { averaged, clipNorm, descent, heavyBall } from "./test-rules.js";

/** The plain mean of the points before and after each update is what is evaluated. */
const halfway = defineWrapper({
  name: "halfway",
  hyper: { part: { default: 0.5, min: 0, max: 1, about: "How far." } },
  options: { times: count(1, "Updates in one.") },
  main: "part",
  state: { before: copy },
  update({ parameter, before: _, inner }, { part: __ }, { times: ___ }) {
    const { state, ...change } = inner();
    return { parameter: applyChange(parameter, change), state, before: parameter };
  },
  view: ({ parameter, before }, { part }) => part.mul(parameter).add(oneMinus(part).mul(before)),
});

/** Doubles the gradient and the learning rate that the rule inside sees. */
const louder = defineWrapper({
  name: "louder",
  needs: ["learningRate"],
  update: ({ gradient, inner, hyper }) =>
    inner({ gradient: gradient.mul(2), hyper: { ...hyper, learningRate: hyper.learningRate!.mul(2) } }),
});

const step = (rule: Rule<any>, gradients: readonly number[]) => {
  const stepper = bind(rule, { w: Float64Array.of(0) });
  for (const g of gradients) {
    stepper.gradients.w[0] = g;
    stepper.step({ value: 0 });
  }
  return stepper;
};

describe("defineWrapper", () => {
  it("joins hyper-parameters, options, state and view of both", () => {
    const rule = halfway(heavyBall({ learningRate: 1, momentum: 0.5 }), { part: 0.25 });
    const stepper = step(rule, [-1, 0]);
    expect(rule.name).toBe("halfway(heavy-ball)");
    expect(rule.options).toEqual({ "halfway.times": 1 });
    expect({ ...stepper.hyper }).toEqual({ part: 0.25, learningRate: 1, momentum: 0.5 });
    expect(Object.keys(stepper.save().state)).toEqual(["state.b", "state.halfway.before"]);
    expect(stepper.parameters.w[0]).toBe(1.5);
    expect(stepper.view().w[0]).toBe(1.125);
    expect(step(halfway(descent({ learningRate: 1 }), 0.75), [-1]).view().w[0]).toBe(0.75);
  });

  it("shows the rule inside what the wrapper wants", () => {
    expect(step(louder(descent({ learningRate: 1 })), [-1]).parameters.w[0]).toBe(4);
    expect(
      step(louder(chain(clipNorm({ maxNorm: 1e9 }), descent({ learningRate: 1 }))), [-1]).parameters.w[0],
    ).toBeCloseTo(4, 6);
  });

  it("leaves the view of the rule inside where it has none", () => {
    const settings = { learningRate: 1 };
    expect(step(louder(averaged(settings)), [-1, -1]).view().w[0]).toBe(6);
  });

  it("says what does not fit", () => {
    expect(() => halfway(halfway(descent()), {})).toThrow(
      'both halfway and halfway(descent) have a hyper-parameter "part"',
    );
    const silent = defineOptimizer({
      name: "silent",
      paper: "",
      hyper: {},
      update: ({ gradient }) => ({ step: gradient }),
    });
    expect(() => louder(silent() as never)).toThrow(
      'louder(silent): silent has no hyper-parameter "learningRate", which this needs',
    );
    expect(() => halfway(descent(), { prt: 1 } as never)).toThrow(
      'halfway: unknown hyper-parameter or option "prt". Did you mean "part"?',
    );
    expect(() => halfway(descent(), 2)).toThrow(
      "halfway: part = 2 is not allowed; expected a number in [0, 1].",
    );
    const forgets = defineWrapper({
      name: "forgets",
      state: { m: zeros },
      update: ({ inner }) => inner() as never,
    });
    expect(() => step(forgets(descent()), [1])).toThrow(
      'forgets: the update returned no next value for state "m".',
    );
  });
});

describe("renameHyper", () => {
  it("changes names and nothing else", () => {
    const rule = renameHyper(heavyBall({ learningRate: 1, momentum: 0.5 }), { momentum: "mu" });
    const stepper = step(rule, [-1, 0]);
    expect(stepper.parameters.w[0]).toBe(1.5);
    stepper.hyper.mu = 0;
    stepper.step();
    expect(stepper.parameters.w[0]).toBe(1.5);
    const initial = defineOptimizer({
      name: "initial",
      paper: "",
      hyper: { learningRate: rate(1), first: rate(3) },
      state: {
        m: {
          per: "element",
          init: ({ parameter, hyper }: SlotContext) => hyper.first!.broadcastTo(parameter.shape),
        },
      },
      update: ({ gradient, m }) => ({ step: gradient, m }),
    });
    expect(step(renameHyper(initial(), { first: "second" }), [1]).save().state["state.m"]!.w!.data[0]).toBe(
      3,
    );
  });
});

describe("sums over parameters", () => {
  const scaled = (name: string, group: (name: string) => string | undefined) =>
    defineOptimizer({
      name,
      paper: "",
      hyper: {},
      update({ name, gradient: g }) {
        const own = group(name);
        if (own === undefined) return { step: g };
        const made = { step: g.mul(sumOverParameters(g.sum())) };
        return { step: own === "" ? made.step : sumWithinGroup(own, [g], made).step! };
      },
    })();
  const steps = (rule: Rule<any>) => {
    const stepper = bind(rule, { a: Float64Array.of(0), b: Float64Array.of(0), c: Float64Array.of(0) });
    stepper.gradients.a[0] = -1;
    stepper.gradients.b[0] = -2;
    stepper.gradients.c[0] = -3;
    stepper.step();
    return Object.values(stepper.parameters).map(([x]) => -x!);
  };

  it("run over those that take part, group by group", () => {
    // The steps are -1·-6, -2·-6, -3·-6 where all take part.
    expect(steps(scaled("all", () => ""))).toEqual([6, 12, 18]);
    expect(steps(scaled("some", (name) => (name === "b" ? undefined : "")))).toEqual([4, -2, 12]);
    expect(steps(scaled("groups", (name) => (name === "b" ? "one" : "other")))).toEqual([4, 4, 12]);
  });

  it("keep those of a gradient that was scaled before, over all", () => {
    const bySum = defineTransform({
      name: "by-sum",
      hyper: {},
      update: ({ gradient: g }) => ({ gradient: g.mul(sumOverParameters(g.sum())) }),
    });
    const grouped = scaled("groups", (name) => (name === "b" ? "one" : "other"));
    // The gradients -1, -2, -3 times their sum are 6, 12, 18; these times the sum of their group, 24, 12, 24.
    expect(steps(chain(bySum(), grouped))).toEqual([6 * 24, 12 * 12, 18 * 24]);
  });
});
