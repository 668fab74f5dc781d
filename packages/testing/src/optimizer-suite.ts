import {
  bind,
  type Engine,
  type Floats,
  js,
  minimize,
  type Rule,
  reference,
  type Stepper,
  tensor,
} from "@downhill/core";
import { type Check, require, requireClose, requireError, requireSame } from "./check.js";
import { gradientAt, parameters, shapesOf } from "./optimizer-inputs.js";

/** A rule to look at. */
export interface OptimizerSubject {
  /** The rule with its defaults, or with settings of a plugin's choice. */
  readonly make: (settings?: Readonly<Record<string, number | ((step: number) => number)>>) => Rule<any>;
  /** Engines that must agree; default js and reference. */
  readonly engines?: readonly Engine<"sync">[];
  /** How far float32 may be from float64 after 50 steps, relative to the largest magnitude. Default 1e-5. */
  readonly tolerance?: number;
  /** Whether a tensor may be split or reshaped without changing anything: rules without norms and matrices. */
  readonly elementwise?: boolean;
  /** Settings that bring a bowl with a minimum of 0 below 1e-3 within 5000 steps. Default: the rule's own. */
  readonly solves?: Readonly<Record<string, number>>;
  /** Settings that bring Rosenbrock's valley, from the origin, below 1e-3 within 10 000 steps; not tried without. */
  readonly solvesValley?: Readonly<Record<string, number>>;
}

const steps = 50;

/** What must hold of an update rule. `title`s are sentences; run each with the subject. */
export const optimizerSuite: readonly Check<OptimizerSubject>[] = [
  {
    title: "names itself, its paper and every hyper-parameter",
    run({ make }) {
      const rule = make();
      require(rule.name !== "" && rule.paper !== "", "name and paper must not be empty.");
      for (const [name, hyper] of Object.entries<{ about: string }>(rule.hyper)) {
        require(hyper.about !== "", `hyper-parameter ${name} says nothing about itself.`);
      }
    },
  },
  {
    title: "refuses misspelt and impossible hyper-parameters",
    async run({ make }) {
      const rule = make();
      await requireError(
        () => make({ noSuchThing: 1 }),
        [rule.name, "noSuchThing"],
        "an unknown hyper-parameter",
      );
      for (const name of Object.keys(rule.hyper)) {
        await requireError(() => make({ [name]: Number.NaN }), [name, "NaN"], `${name} = NaN`);
      }
    },
  },
  {
    title: "keeps everything finite on gradients of all magnitudes, with zeros and sign flips",
    run({ make }) {
      const stepper = drive(make(), steps);
      for (const values of allOf(stepper)) {
        require(values.every(Number.isFinite), `a parameter or a state is not finite after ${steps} steps.`);
      }
    },
  },
  {
    title: "keeps everything finite on zero gradients from the first step on",
    run({ make }) {
      const stepper = bind(make(), parameters());
      for (let i = 0; i < 5; i++) stepper.step({ value: 0.5 });
      for (const values of allOf(stepper))
        require(values.every(Number.isFinite), "not finite after zero gradients.");
    },
  },
  {
    title: "keeps everything finite on gradients of 1e-30 and of 1e30",
    run({ make }) {
      for (const size of [1e-30, 1e30]) {
        const stepper = bind(make(), parameters());
        for (let i = 0; i < 10; i++) {
          for (const name of Object.keys(shapesOf))
            dataOf(stepper.gradients, name).fill(i % 3 === 1 ? -size : size);
          stepper.step({ value: 1 });
        }
        for (const values of allOf(stepper))
          require(values.every(Number.isFinite), `not finite after gradients of ${size}.`);
      }
    },
  },
  {
    title: "keeps each state in its shape",
    run({ make }) {
      const rule = make();
      const before = bind(rule, parameters()).save().state;
      const after = drive(rule, 3).save().state;
      for (const [arena, slots] of Object.entries(before)) {
        for (const [name, { data, shape }] of Object.entries(slots)) {
          const next = after[arena]?.[name];
          require(next !== undefined, `${arena} of ${name} is gone after 3 steps.`);
          requireSame(next.shape, shape, `shape of ${arena} of ${name}`);
          requireSame([next.data.length], [data.length], `length of ${arena} of ${name}`);
        }
      }
    },
  },
  {
    title: "moves against the gradient at first",
    run({ make }) {
      const stepper = bind(make(), parameters());
      const before = flat(stepper.parameters);
      let product = 0;
      for (let i = 0; i < 3; i++) {
        for (const name of Object.keys(shapesOf)) dataOf(stepper.gradients, name).fill(0.1);
        stepper.step({ value: 1 });
      }
      flat(stepper.parameters).forEach((x, i) => {
        product += x - before[i]!;
      });
      require(product <=
        0, `after three steps on a positive gradient the parameters grew by ${product} in all.`);
    },
  },
  {
    title: "does the same to mirrored parameters and gradients",
    run({ make }) {
      const straight = drive(make(), 10);
      const mirrored = drive(make(), 10, { sign: -1 });
      requireClose(
        flat(mirrored.parameters).map((x) => -x),
        flat(straight.parameters),
        1e-12,
        "mirrored parameters",
      );
    },
  },
  {
    title: "goes on from saved state with the same bits",
    run({ make }) {
      const whole = drive(make(), 20);
      const saved = structuredClone(drive(make(), 9).save());
      const resumed = bind(make(), parameters());
      resumed.load(saved);
      feed(resumed, 9, 20);
      requireSame(flat(resumed.parameters), flat(whole.parameters), "parameters after loading");
      const [a, b] = [allOf(resumed), allOf(whole)];
      a.forEach((values, i) => {
        requireSame(values, b[i]!, "state after loading");
      });
    },
  },
  {
    title: "takes a schedule for every hyper-parameter, and a constant one changes nothing",
    run({ make }) {
      const rule = make();
      const constant = Object.fromEntries(
        Object.entries<unknown>(rule.settings).map(([name, setting]) => [
          name,
          typeof setting === "number" ? () => setting : (setting as (step: number) => number),
        ]),
      );
      const scheduled = drive(make(constant), 10);
      requireSame(
        flat(scheduled.parameters),
        flat(drive(make(), 10).parameters),
        "parameters under constant schedules",
      );
    },
  },
  {
    title: "computes the same in float64 on every engine",
    run({ make, engines = [js(), reference()] }) {
      const expected = drive(make(), steps, { engine: reference() });
      for (const engine of engines) {
        if (!engine.dtypes.includes("float64")) continue;
        const found = drive(make(), steps, { engine });
        requireClose(
          flat(found.parameters),
          flat(expected.parameters),
          1e-11,
          `parameters on ${engine.name}`,
        );
      }
    },
  },
  {
    title: "stays near float64 in float32 on every engine",
    run({ make, engines = [js(), reference()], tolerance = 1e-5 }) {
      const expected = drive(make(), steps, { engine: reference(), rounded: true });
      for (const engine of engines) {
        const found = drive(make(), steps, { engine, float32: true, rounded: true });
        requireClose(
          flat(found.parameters),
          flat(expected.parameters),
          tolerance,
          `float32 parameters on ${engine.name}`,
        );
      }
    },
  },
  {
    title: "does not care how an elementwise rule's tensors are shaped or split",
    run({ make, elementwise = false }) {
      if (!elementwise) return;
      const joined = bind(make(), { all: new Float64Array(6) });
      const split = bind(make(), { one: tensor(new Float64Array(4), [2, 2]), two: new Float64Array(2) });
      for (let i = 0; i < 10; i++) {
        const g = Array.from({ length: 6 }, (_, j) => gradientAt(i, "w", j));
        joined.gradients.all.set(g);
        split.gradients.one.data.set(g.slice(0, 4));
        split.gradients.two.set(g.slice(4));
        joined.step({ value: 1 });
        split.step({ value: 1 });
      }
      requireSame(
        [...split.parameters.one.data, ...split.parameters.two],
        joined.parameters.all,
        "split parameters",
      );
    },
  },
  {
    title: "leaves a frozen parameter alone",
    run({ make }) {
      const stepper = drive(make(), 5);
      const before = dataOf(stepper.parameters, "b").slice();
      stepper.freeze("b");
      feed(stepper, 5, 10);
      requireSame(dataOf(stepper.parameters, "b"), before, "a frozen parameter");
    },
  },
  {
    title: "finds the bottom of a bowl",
    run({ make, solves = {} }) {
      const result = minimize(({ w }) => w.sub(1).square().mul(3).sum(), {
        start: { w: tensor(Float64Array.of(-1, 2, 0.5, 3), [2, 2]) },
        optimizer: make(solves),
        target: 1e-3,
        maxSteps: 5000,
      });
      require(result.status.kind === "converged", `after ${result.steps} steps: ${result.status.why}`);
    },
  },
  {
    title: "comes through Rosenbrock's valley",
    run({ make, solvesValley }) {
      if (!solvesValley) return;
      const result = minimize(({ x, y }) => x.sub(1).square().add(y.sub(x.square()).square().mul(100)), {
        start: { x: 0, y: 0 },
        optimizer: make(solvesValley),
        target: 1e-3,
        maxSteps: 10_000,
      });
      require(result.status.kind === "converged", `after ${result.steps} steps: ${result.status.why}`);
    },
  },
];

type Bound = Stepper<ReturnType<typeof parameters>, any>;

interface Drive {
  readonly engine?: Engine<"sync">;
  readonly float32?: boolean;
  /** Gradients and parameters rounded to float32, in either precision. */
  readonly rounded?: boolean;
  readonly sign?: number;
}

/** A stepper after some steps on the suite's gradients. */
function drive(
  rule: Rule<any>,
  count: number,
  { engine = js(), float32 = false, rounded = false, sign = 1 }: Drive = {},
): Bound {
  const stepper = bind(rule, parameters({ float32, rounded, sign }), { engine });
  feed(stepper, 0, count, { rounded, sign });
  return stepper;
}

function feed(stepper: Bound, from: number, to: number, { rounded = false, sign = 1 }: Drive = {}): void {
  for (let step = from; step < to; step++) {
    for (const name of Object.keys(shapesOf)) {
      dataOf(stepper.gradients, name).forEach((_, i, g) => {
        const x = sign * gradientAt(step, name, i);
        g[i] = rounded ? Math.fround(x) : x;
      });
    }
    stepper.step({ value: 1 + 1 / (step + 1) });
  }
}

function dataOf(arrays: object, name: string): Floats {
  return (arrays as Record<string, { data: Floats }>)[name]!.data;
}

function flat(arrays: object): Float64Array {
  return Float64Array.from(Object.keys(shapesOf).flatMap((name) => Array.from(dataOf(arrays, name))));
}

/** Parameters and every state, as lists of numbers. */
function allOf(stepper: Bound): number[][] {
  const { parameters: p, state, host } = stepper.save();
  const arenas = [p, ...Object.values(state)];
  return [
    ...arenas.flatMap((slots) => Object.values(slots).map(({ data }) => Array.from(data))),
    Object.values(host),
  ];
}
