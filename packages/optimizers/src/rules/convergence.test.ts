import { type Data, data, minimize, type Rule, tensor } from "@downhill/core";
import { describe, expect, it } from "vitest";
import { catalogue } from "../catalogue.js";
import { problems } from "../problems.fixture.js";
import * as rules from "./index.js";

const momentum = { learningRate: 1e-3, momentum: 0.9 };
const average = { learningRate: 1e-2, warmupSteps: 5000 };

/** Settings under which a rule comes within 3e-2 of the solution in 10 000 steps. */
const settings: Readonly<Record<string, Rule<any>>> = {
  adabelief: rules.adabelief({ learningRate: 1e-2 }),
  adadelta: rules.adadelta({ learningRate: 0.1 }),
  adafactor: rules.adafactor({ learningRate: 5e-3 }),
  adagrad: rules.adagrad({ learningRate: 1 }),
  adam: rules.adam({ learningRate: 0.1 }),
  "adam, amsgrad": rules.adam({ learningRate: 0.1, amsgrad: true }),
  "adam-atan2": rules.adamAtan2({ learningRate: 0.1 }),
  adamax: rules.adamax({ learningRate: 0.1 }),
  adamw: rules.adamw({ learningRate: 0.1, weightDecay: 1e-4 }),
  adan: rules.adan({ learningRate: 0.1 }),
  adopt: rules.adopt({ learningRate: 1e-2 }),
  asgd: rules.asgd({ learningRate: 1e-3 }),
  came: rules.came({ learningRate: 1e-2 }),
  "dadapt-adam": rules.dadaptAdam(),
  dog: rules.dog(),
  fromage: rules.fromage({ learningRate: 3e-3 }),
  ftrl: rules.ftrl({ learningRate: 0.3 }),
  "gradient-descent": rules.gradientDescent({ learningRate: 1e-3 }),
  grams: rules.grams({ learningRate: 3e-2 }),
  lamb: rules.lamb({ learningRate: 1e-3 }),
  laprop: rules.laprop({ learningRate: 1e-2 }),
  lars: rules.lars({ learningRate: 1 }),
  madgrad: rules.madgrad({ learningRate: 3e-3 }),
  mars: rules.mars({ learningRate: 1e-2 }),
  nadam: rules.nadam({ learningRate: 1e-2 }),
  nadamw: rules.nadamw({ learningRate: 1e-2, weightDecay: 1e-4 }),
  novograd: rules.novograd({ learningRate: 1e-3 }),
  polyak: rules.polyak(),
  prodigy: rules.prodigy({ learningRate: 0.1 }),
  radam: rules.radam({ learningRate: 5e-3 }),
  rmsprop: rules.rmsprop({ learningRate: 5e-3, momentum: 0.9 }),
  rprop: rules.rprop({ learningRate: 0.1 }),
  "schedule-free-adamw": rules.scheduleFreeAdamw(average),
  "schedule-free-sgd": rules.scheduleFreeSgd(average),
  sgd: rules.sgd(momentum),
  sgdw: rules.sgdw(momentum),
  "stable-adamw": rules.stableAdamw({ learningRate: 3e-3, weightDecay: 1e-4 }),
  yogi: rules.yogi({ learningRate: 0.1 }),
};

/** Steps of one length, which turn around in a narrow valley, or a long memory. */
const special: readonly [string, Rule<any>, keyof typeof problems, number][] = [
  ["ademamix", rules.ademamix({ learningRate: 1e-3 }), "parabola", 30000],
  ["ademamix", rules.ademamix({ learningRate: 1e-3 }), "rosenbrock", 30000],
  ["lion", rules.lion({ learningRate: 1e-2, weightDecay: 1e-4 }), "parabola", 10000],
  ["lion", rules.lion({ learningRate: 1e-3, weightDecay: 1e-4 }), "rosenbrock", 10000],
  ["sign-sgd", rules.signSgd({ learningRate: 0.1 }), "parabola", 10000],
  ["signum", rules.signum({ learningRate: 1e-2 }), "parabola", 10000],
  ["tiger", rules.tiger({ learningRate: 1e-2, weightDecay: 1e-4 }), "parabola", 10000],
];

const table = [
  ...Object.entries(settings).flatMap(([name, rule]) =>
    (["parabola", "rosenbrock"] as const).map((problem) => [name, rule, problem, 10000] as const),
  ),
  ...special,
].map(([name, optimizer, problem, maxSteps]) => ({
  title: `${problem} by ${name}`,
  optimizer,
  problem,
  maxSteps,
}));

const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a).map((x, i) => Math.abs(x - b[i]!)));

describe("rules solve", () => {
  it.each(table)("$title", ({ optimizer, problem, maxSteps }) => {
    const { f, start, end } = problems[problem];
    const { parameters } = minimize(f, { start: { p: start }, optimizer, maxSteps });
    expect(distance(parameters.p, end)).toBeLessThan(3e-2);
  });

  it("a matrix by muon", () => {
    const target = data([1, -2, 0.5, 3, 0, -1], [2, 3]);
    const f = ({ W }: { readonly W: typeof target }) => W.sub(target).square().sum();
    const start: { W: Data<Float64Array> } = { W: tensor(new Float64Array(6), [2, 3]) };
    const optimizer = rules.muon({ learningRate: 1e-2, weightDecay: 0 });
    const { parameters } = minimize(f, { start, optimizer, maxSteps: 2000 });
    expect(distance(parameters.W.data, [1, -2, 0.5, 3, 0, -1])).toBeLessThan(3e-2);
  });

  it("all of them", () => {
    const tried = [...Object.keys(settings), ...special.map(([name]) => name), "muon"];
    for (const name of Object.keys(catalogue.rules)) expect(tried).toContain(name);
  });
});
