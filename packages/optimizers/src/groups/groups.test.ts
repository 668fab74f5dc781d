import { bind, chain, type Rule, tensor } from "@downhill/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectSame, pointsOf, runs } from "../random-runs.fixture.js";
import { adam } from "../rules/adam.js";
import { adamw } from "../rules/adamw.js";
import { gradientDescent } from "../rules/gradient-descent.js";
import { prodigy } from "../rules/prodigy.js";
import { scheduleFreeSgd } from "../rules/schedule-free-sgd.js";
import { sgd } from "../rules/sgd.js";
import { constant } from "../schedules/index.js";
import type { Run, Trajectory } from "../trajectories.fixture.js";
import { clipByGlobalNorm, coupledDecay } from "../transforms/index.js";
import { ema, lookahead } from "../wrappers/index.js";
import { freeze, noDecay, type Pattern, partition } from "./index.js";
import { matches } from "./pattern.js";

/** A run of some of its parameters. */
const only = (run: Run, names: readonly string[]): Run => {
  const pick = <T>(record: Readonly<Record<string, T>>) =>
    Object.fromEntries(names.map((name) => [name, record[name]!])) as Record<string, T>;
  return { ...run, parameters: pick(run.parameters), gradients: run.gradients.map(pick) };
};
const pick = (trajectory: Trajectory, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, trajectory[name]]));

const arrays = () => ({
  "embed.w": tensor(new Float64Array(4), [2, 2]),
  "embed.b": new Float64Array(2),
  out: new Float64Array(1),
});
const bound = (rule: Rule<any>) => () => bind(rule, arrays());

describe("a pattern", () => {
  it.each<[Pattern, readonly string[]]>([
    ["embed.w", ["embed.w"]],
    ["embed.*", ["embed.w", "embed.layer.b"]],
    ["*.?", ["embed.w", "embed.layer.b"]],
    ["embed", []],
    ["*", ["embed.w", "embed.layer.b", "embedXw", "out[0]"]],
    ["out[0]", ["out[0]"]],
    [({ shape }) => shape.length === 1, ["out[0]"]],
  ])("%s", (pattern, expected) => {
    const names = ["embed.w", "embed.layer.b", "embedXw", "out[0]"];
    const found = names.filter((name) => matches(pattern, { name, shape: name === "out[0]" ? [3] : [3, 3] }));
    expect(found).toEqual(expected);
  });
});

describe("partition", () => {
  it("does to each group what its rule alone does, sums over parameters and scalars of the run included", () => {
    fc.assert(
      fc.property(runs, (run) => {
        const parts = {
          w: prodigy(),
          others: [({ name }: { readonly name: string }) => name !== "w", prodigy({ beta1: 0.5 })],
        } as const;
        const { trajectory } = pointsOf(partition(parts), run);
        expect(pick(trajectory, ["w"])).toEqual(pointsOf(parts.w, only(run, ["w"])).trajectory);
        expect(pick(trajectory, ["b", "s"])).toEqual(
          pointsOf(parts.others[1], only(run, ["b", "s"])).trajectory,
        );
      }),
      { numRuns: 5 },
    );
  });

  it("clips over all parameters before it, and over a group inside it", () => {
    fc.assert(
      fc.property(runs, (run) => {
        const rate = { learningRate: 0.1 };
        const outside = chain(clipByGlobalNorm(1), partition({ w: sgd(rate), rest: sgd(rate) }));
        expect(pointsOf(outside, run).trajectory).toEqual(
          pointsOf(chain(clipByGlobalNorm(1), sgd(rate)), run).trajectory,
        );
        const clipped = chain(clipByGlobalNorm(1), sgd(rate));
        const inside = pointsOf(partition({ w: clipped, rest: sgd(rate) }), run).trajectory;
        expect(pick(inside, ["w"])).toEqual(pointsOf(clipped, only(run, ["w"])).trajectory);
        expect(pick(inside, ["b"])).toEqual(pointsOf(sgd(rate), only(run, ["b"])).trajectory);
      }),
      { numRuns: 10 },
    );
  });

  it("nests", () => {
    const inner = () => partition({ w: adam(), rest: prodigy() });
    expectSame(() => [partition({ rest: inner() }), inner()], 0, 5);
  });

  it("prefers an exact name, then takes the first that matches", () => {
    const rule = partition({
      "embed.*": gradientDescent({ learningRate: 1 }),
      "*": gradientDescent({ learningRate: 2 }),
      "embed.b": gradientDescent({ learningRate: 3 }),
    });
    const stepper = bind(rule, arrays());
    for (const g of Object.values(stepper.gradients)) ("data" in g ? g.data : g).fill(-1);
    stepper.step();
    expect([
      stepper.parameters["embed.w"].data[0],
      stepper.parameters["embed.b"][0],
      stepper.parameters.out[0],
    ]).toEqual([1, 3, 2]);
  });

  it("has hyper-parameters, schedules, options, state and view by group", () => {
    const rule = partition({
      "embed.*": adam({ learningRate: constant(0.5) }),
      rest: ema(sgd({ nesterov: true }), 0.5),
    });
    const stepper = bind(rule, arrays());
    expect(stepper.hyper["embed.*.learningRate"]).toBe(0.5);
    stepper.hyper["rest.learningRate"] = 1;
    stepper.gradients.out[0] = -1;
    stepper.gradients["embed.b"][0] = -1;
    stepper.step();
    stepper.gradients.out[0] = 0;
    stepper.step();
    expect(stepper.parameters.out[0]).toBe(1);
    expect(stepper.view()["embed.b"]).toEqual(stepper.parameters["embed.b"]);
    expect(rule.options).toMatchObject({ "embed.*.amsgrad": false, "rest.nesterov": true });
    expect(Object.keys(stepper.save().state).sort()).toEqual([
      "state.embed.*.m",
      "state.embed.*.v",
      "state.rest.b",
      "state.rest.ema.average",
    ]);
    expect(rule.name).toBe("partition(embed.*: adam, rest: ema(sgd))");
  });

  it("shows the view of the groups that have one", () => {
    fc.assert(
      fc.property(runs, (run) => {
        const rule = scheduleFreeSgd({ learningRate: 0.1 });
        const { view, trajectory } = pointsOf(partition({ w: rule, rest: sgd() }), run);
        expect(pick(view, ["w"])).toEqual(pointsOf(rule, only(run, ["w"])).view);
        expect(pick(view, ["b", "s"])).toEqual(pick(trajectory, ["b", "s"]));
      }),
      { numRuns: 5 },
    );
  });

  it("goes on from saved state", () => {
    const make = () =>
      bind(partition({ "embed.*": prodigy(), rest: lookahead(adam(), { every: 2 }) }), arrays());
    const drive = (stepper: ReturnType<typeof make>, from: number, to: number) => {
      for (let t = from; t < to; t++) {
        Object.values(stepper.gradients).forEach((g, i) => {
          ("data" in g ? g.data : g).forEach((_, j, list) => {
            list[j] = Math.sin(t + i + 3 * j);
          });
        });
        stepper.step();
      }
    };
    const [whole, first, second] = [make(), make(), make()];
    drive(whole, 0, 12);
    drive(first, 0, 5);
    second.load(structuredClone(first.save()));
    drive(second, 5, 12);
    expect(second.save()).toEqual(whole.save());
  });

  it("lists the names when a group is empty or a parameter has none", () => {
    expect(bound(partition({ "embd.*": adam(), rest: adam() }))).toThrow(
      'group "embd.*" has no parameter: nothing matches it, or earlier groups have all that does. ' +
        'Did you mean "embed.w"? The parameters are embed.w, embed.b, out.',
    );
    expect(bound(partition({ ot: adam(), rest: adam() }))).toThrow('Did you mean "out"?');
    expect(bound(partition({ "*": adam(), "embed.*": adam() }))).toThrow('group "embed.*" has no parameter');
    expect(bound(partition({ "embed.*": adam() }))).toThrow(
      'parameter "out" is in none of the groups embed.*. A group named rest takes all others.',
    );
    expect(bound(partition({ nothing: [() => false, adam()], rest: adam() }))).toThrow(
      'group "nothing" has no parameter',
    );
    expect(bound(partition({ "*": adam(), rest: sgd() }))).not.toThrow();
    expect(bound(partition({ "embed.*": freeze(adam(), "out"), rest: sgd() }))).toThrow(
      'freeze(adam, out): "out" matches no parameter. The parameters are embed.w, embed.b.',
    );
  });
});

describe("freeze", () => {
  it("leaves what matches alone and out of the norm, without state", () => {
    fc.assert(
      fc.property(runs, (run) => {
        const rule = chain(clipByGlobalNorm(1), adam({ learningRate: 0.1 }));
        const { trajectory } = pointsOf(freeze(rule, "b"), run);
        expect(trajectory.b).toEqual(run.gradients.map(() => run.parameters.b!.data));
        expect(pick(trajectory, ["w", "s"])).toEqual(pointsOf(rule, only(run, ["w", "s"])).trajectory);
        expect(
          pointsOf(chain(clipByGlobalNorm(1), freeze(adam({ learningRate: 0.1 }), "b")), run).trajectory,
        ).toEqual(trajectory);
      }),
      { numRuns: 10 },
    );
    expect(Object.keys(bind(freeze(adam(), "embed.*"), arrays()).save().state["state.m"]!)).toEqual(["out"]);
  });

  it("keeps the parameter as its view", () => {
    const stepper = bind(
      freeze(ema(adam()), ({ shape }) => shape.length === 2),
      arrays(),
    );
    stepper.parameters["embed.w"].data.fill(5);
    stepper.step();
    expect(stepper.view()["embed.w"].data[0]).toBe(5);
  });

  it("lists the names when nothing matches", () => {
    expect(bound(freeze(adam(), "embd.w"))).toThrow(
      'freeze(adam, embd.w): "embd.w" matches no parameter. Did you mean "embed.w"? The parameters are embed.w, embed.b, out.',
    );
    expect(bound(lookahead(freeze(adam(), () => false)))).toThrow("the predicate matches no parameter.");
  });
});

describe("noDecay", () => {
  const withDecay = { learningRate: 0.1, weightDecay: 0.3 };
  const without = { learningRate: 0.1, weightDecay: 0 };

  it.each<[string, (decay: object) => Rule<any>]>([
    ["decoupled", (decay) => adamw(decay)],
    ["coupled", (decay) => adam(decay)],
    [
      "of a transform",
      ({ weightDecay }: any) => chain(coupledDecay(weightDecay), sgd({ learningRate: 0.1 })),
    ],
    ["in a group", (decay) => partition({ rest: lookahead(adamw(decay)) })],
  ])("spares vectors and scalars: %s", (_, make) => {
    fc.assert(
      fc.property(runs, (run) => {
        const { trajectory } = pointsOf(noDecay(make(withDecay)), run);
        expect(pick(trajectory, ["w"])).toEqual(pick(pointsOf(make(withDecay), run).trajectory, ["w"]));
        expect(pick(trajectory, ["b", "s"])).toEqual(
          pick(pointsOf(make(without), run).trajectory, ["b", "s"]),
        );
      }),
      { numRuns: 5 },
    );
  });

  it("takes a pattern instead, and leaves hyper-parameters live", () => {
    const stepper = bind(noDecay(adamw({ learningRate: 0.1 }), "embed.*"), arrays());
    for (const p of Object.values(stepper.parameters)) ("data" in p ? p.data : p).fill(1);
    stepper.hyper.weightDecay = 5;
    stepper.step();
    expect([stepper.parameters["embed.w"].data[0], stepper.parameters.out[0]]).toEqual([1, 0.5]);
  });

  it("says what it cannot do", () => {
    expect(() => noDecay(gradientDescent())).toThrow(
      "noDecay: gradient-descent has no weight decay; its hyper-parameters are learningRate.",
    );
    expect(bound(noDecay(adamw(), "bias"))).toThrow('noDecay: "bias" matches no parameter.');
    expect(() => bind(noDecay(adamw()), { w: tensor(new Float64Array(4), [2, 2]) })).not.toThrow();
  });
});
