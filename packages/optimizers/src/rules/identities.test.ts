import { bind, type Rule } from "@downhill/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catalogue } from "../catalogue.js";
import { expectSame, pointsOf, runs } from "../random-runs.fixture.js";
import { deviation, type Run } from "../trajectories.fixture.js";
import {
  adam,
  adamw,
  gradientDescent,
  lamb,
  lion,
  muon,
  nadam,
  nadamw,
  radam,
  rmsprop,
  rprop,
  sgd,
  sgdw,
  signSgd,
  signum,
} from "./index.js";
import { isElementwise } from "./trace.fixture.js";

describe("rules that are others with some hyper-parameters", () => {
  it("sgd without momentum is gradient descent", () => {
    expectSame(() => [sgd({ learningRate: 0.1 }), gradientDescent({ learningRate: 0.1 })], 0);
  });

  it("Lion with one beta is Signum", () => {
    const settings = { learningRate: 0.01, weightDecay: 0.1 };
    expectSame(() => [lion({ ...settings, beta1: 0.7, beta2: 0.7 }), signum({ ...settings, beta: 0.7 })], 0);
  });

  it("Signum without momentum is signSGD", () => {
    expectSame(() => [signum({ learningRate: 0.1, beta: 0 }), signSgd({ learningRate: 0.1 })], 0);
  });

  it("decoupled forms without decay are the coupled ones without", () => {
    const none = { learningRate: 0.05, weightDecay: 0 };
    expectSame(() => [adamw(none), adam(none)], 0);
    expectSame(() => [nadamw(none), nadam(none)], 0);
    expectSame(() => [sgdw({ ...none, momentum: 0.9 }), sgd({ ...none, momentum: 0.9 })], 0);
    expectSame(() => [radam({ ...none, decoupled: true }), radam(none)], 0);
  });

  it("Adam without momentum is RMSprop with a bias correction", () => {
    const corrected = (step: number) => 0.1 * Math.sqrt(1 - 0.9 ** (step + 1));
    const epsilon = 1e-300;
    expectSame(
      () => [
        adam({ learningRate: 0.1, beta1: 0, beta2: 0.9, epsilon }),
        rmsprop({ learningRate: corrected, alpha: 0.9, epsilon }),
      ],
      1e-12,
    );
  });

  it("AMSGrad under a constant gradient is Adam", () => {
    const settings = { learningRate: 0.1, beta2: 0.9 };
    const constant = runs.map((run) => ({ ...run, gradients: run.gradients.map(() => run.gradients[0]!) }));
    fc.assert(
      fc.property(constant, (run) => {
        const [a, b] = [pointsOf(adam({ ...settings, amsgrad: true }), run), pointsOf(adam(settings), run)];
        expect(a).toEqual(b);
      }),
    );
  });

  it("the conventions of libraries differ from each other", () => {
    const gradients = [2, -1, 0.5];
    const end = (rule: Rule<any>) => {
      const { parameters, ...stepper } = bind(rule, { p: Float64Array.of(1) });
      for (const g of gradients) {
        stepper.gradients.p[0] = g;
        stepper.step();
      }
      return parameters.p[0];
    };
    const ends = (["torch", "optax", "keras"] as const).map((compat) =>
      end(adam({ compat, amsgrad: true, epsilon: 1e-3 })),
    );
    expect(new Set(ends).size).toBe(3);
  });
});

const scaled = (by: number) =>
  runs.map((run) => ({
    run,
    larger: {
      ...run,
      gradients: run.gradients.map((all) =>
        Object.fromEntries(Object.entries(all).map(([name, list]) => [name, list.map((g) => g * by)])),
      ),
    },
  }));

describe("the gradient's scale", () => {
  const epsilon = 1e-300;
  it.each<[string, Rule<any>]>([
    ["adam", adam({ learningRate: 0.1, epsilon })],
    ["lion", lion({ learningRate: 0.1 })],
    ["rprop", rprop({ learningRate: 0.1 })],
    ["muon", muon({ learningRate: 0.1, epsilon }, adamw({ epsilon }))],
  ])("does not matter to %s", (_, rule) => {
    fc.assert(
      fc.property(scaled(1024), ({ run, larger }) => {
        expect(pointsOf(rule, larger)).toEqual(pointsOf(rule, run));
      }),
    );
  });

  it("matters where it should", () => {
    const [{ run, larger }] = fc.sample(scaled(1024), { seed: 1, numRuns: 1 }) as [
      { run: never; larger: never },
    ];
    const rule = gradientDescent({ learningRate: 0.1 });
    expect(pointsOf(rule, larger)).not.toEqual(pointsOf(rule, run));
  });
});

describe("LAMB", () => {
  it("is AdamW where its ratio is 1, as for parameters that are 0", () => {
    fc.assert(
      fc.property(runs, (run) => {
        const parameters = Object.fromEntries(
          Object.entries(run.parameters).map(([name, { shape, data }]) => [
            name,
            { shape, data: data.map(() => 0) },
          ]),
        );
        const first = { ...run, parameters, gradients: run.gradients.slice(0, 1) };
        const settings = { learningRate: 0.1, epsilon: 1e-6, weightDecay: 0.3 };
        const [a, b] = [pointsOf(lamb(settings), first), pointsOf(adamw(settings), first)];
        expect(deviation(a.trajectory, b.trajectory, first)).toBeLessThanOrEqual(1e-15);
      }),
    );
  });

  it("moves each tensor by the learning rate's share of its norm", () => {
    const { parameters, ...stepper } = bind(lamb({ learningRate: 0.01 }), { p: Float64Array.of(3, 4) });
    stepper.gradients.p.set([1e-3, -7]);
    stepper.step();
    expect(Math.hypot(parameters.p[0]! - 3, parameters.p[1]! - 4)).toBeCloseTo(0.01 * 5, 14);
  });
});

const all = Object.entries(catalogue.rules).map(([name, make]) => ({ name, make }));

describe.each(all.filter(({ make }) => isElementwise(make())))("$name", ({ make }) => {
  it("gives the same bits however tensors are split, reshaped and ordered", () => {
    const [run] = fc.sample(runs, { seed: 2, numRuns: 1 }) as [Run];
    const names = ["s", "b", "w"];
    const split = <T>(lists: Readonly<Record<string, readonly number[]>>, one: (x: number) => T) =>
      Object.fromEntries(
        names.flatMap((name) => lists[name]!.map((x, i) => [`${name}${i}`, one(x)] as const)),
      );
    const start = Object.fromEntries(names.map((name) => [name, run.parameters[name]!.data]));
    const apart = {
      ...run,
      parameters: split(start, (x) => ({ shape: [1, 1], data: [x] })),
      gradients: run.gradients.map((given) => split(given, (g) => [g])),
    };
    const whole = pointsOf(make(), run).trajectory;
    const joined = pointsOf(make(), apart).trajectory;
    for (const name of names) {
      whole[name]!.forEach((row, step) => {
        expect(row.map((_, i) => joined[`${name}${i}`]![step]![0])).toEqual(row);
      });
    }
  });
});

/** Rules that move without a gradient: by their mathematics, or by a decay that has no switch. */
const restless = ["asgd", "fromage", "ftrl", "yogi"];

describe.each(all.filter(({ name }) => !restless.includes(name)))("$name", ({ name, make }) => {
  it("stands still under zero gradients, without decay", () => {
    const decay = "weightDecay" in make.definition.hyper ? { weightDecay: 0 } : {};
    const partner = name === "muon" ? [adamw({ weightDecay: 0 })] : [];
    const run = {
      parameters: { w: { shape: [2, 2], data: [1, -2, 0, 3] }, s: { shape: [], data: [5] } },
      gradients: Array.from({ length: 8 }, () => ({ w: [0, 0, 0, 0], s: [0] })),
      values: Array.from({ length: 8 }, () => 1),
    };
    const still = Object.fromEntries(
      Object.entries(run.parameters).map(([key, { data }]) => [key, Array.from({ length: 8 }, () => data)]),
    );
    const made = pointsOf((make as (...settings: unknown[]) => Rule<any>)(decay, ...partner), run);
    // Schedule-free rules compute the point from its average, which rounds.
    expect(deviation(still, made.trajectory, run)).toBeLessThanOrEqual(1e-15);
  });
});
