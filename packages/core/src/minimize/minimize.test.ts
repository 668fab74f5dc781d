import { describe, expect, it } from "vitest";
import {
  defineOptimizer,
  type Engine,
  js,
  minimize,
  minimizeSteps,
  rate,
  reference,
  type Session,
  type Tensor,
  tensor,
} from "../index.js";
import { chain } from "../optimizer/chain.js";
import { ask } from "../optimizer/method.js";
import {
  adam,
  averaged,
  backtracking,
  clipNorm,
  descent,
  heavyBall,
  polyak,
} from "../optimizer/test-rules.js";
import { defineMethod } from "./define-method.js";

const rosenbrock = ({ x, y }: { x: Tensor; y: Tensor }) =>
  x.sub(1).square().add(y.sub(x.square()).square().mul(100));
const start = { x: -1.2, y: 1 };

/** The js engine behind promises. */
function asynchronous(): Engine<"async"> {
  return {
    ...js(),
    mode: "async",
    open: async (layout, dtype) => {
      const session = js().open(layout, dtype);
      return {
        ...session,
        view: undefined,
        read: async (arena: string, name?: string) => session.read(arena, name),
        load: async (program) => {
          const kernel = session.load(program);
          return { run: async (scalars) => kernel.run(scalars) };
        },
      } as Session<"async">;
    },
  };
}

describe("minimize", () => {
  it("gives a schedule that goes over the whole run its number of steps", () => {
    const learningRate = Object.assign(() => NaN, {
      forRun: (steps: number) => (step: number) => 0.4 * (1 - step / steps),
    });
    const options = { start: { x: 1 }, optimizer: descent({ learningRate }), gradientTolerance: 0 };
    const { parameters } = minimize(({ x }) => x.square(), { ...options, maxSteps: 4 });
    let x = 1;
    for (let step = 0; step < 4; step++) x -= 0.4 * (1 - step / 4) * 2 * x;
    expect(parameters.x).toBeCloseTo(x, 15);
    const endless = { ...options, maxSteps: Infinity, maxTimeMs: 10 };
    expect(() => minimize(({ x }) => x.square(), endless)).toThrow("length is not known");
  });

  it("finds Rosenbrock's minimum and says so truthfully", () => {
    const result = minimize(rosenbrock, { start, optimizer: adam({ learningRate: 0.02 }) });
    const { x, y } = result.parameters;
    expect(result.status).toMatchObject({ kind: "converged", criterion: "gradient" });
    const gradient = [2 * (x - 1) - 400 * x * (y - x * x), 200 * (y - x * x)];
    expect(Math.hypot(...gradient)).toBeLessThanOrEqual(1e-6);
    expect(result.gradientNorm).toBeCloseTo(Math.hypot(...gradient), 12);
    expect(result.value).toBeCloseTo((x - 1) ** 2 + 100 * (y - x * x) ** 2, 15);
    expect(result.evaluations).toBe(result.steps + 1);
  });

  it("makes gradient descent's hand-computed steps on a parabola", () => {
    // f = x²/2·4, f' = 4x, x ← x - 0.1·4x = 0.6x
    const { history } = minimize(({ x }) => x.square().mul(2), {
      start: { x: 1 },
      optimizer: descent(),
      maxSteps: 3,
      history: true,
    });
    expect(history!.map(({ parameters }) => parameters.x)).toEqual([
      1,
      expect.closeTo(0.6, 15),
      expect.closeTo(0.36, 15),
      expect.closeTo(0.216, 15),
    ]);
    expect(history!.map(({ step }) => step)).toEqual([0, 1, 2, 3]);
    expect(history![1]!.value).toBeCloseTo(0.72, 15);
  });

  it("returns parameters in the form of the start", () => {
    const { parameters } = minimize(
      ({ a, b, c, d, e }) => [a, b, c, d, e].map((p) => p.sub(1).square().sum()).reduce((s, x) => s.add(x)),
      {
        start: {
          a: 0,
          b: [0, 0],
          c: new Float64Array(2),
          d: new Float32Array(2),
          e: tensor(new Float64Array(4), [2, 2]),
        },
        optimizer: descent(),
      },
    );
    expect(parameters.a).toBeCloseTo(1, 6);
    expect(Array.isArray(parameters.b)).toBe(true);
    expect(parameters.c).toBeInstanceOf(Float64Array);
    expect(parameters.d).toBeInstanceOf(Float32Array);
    expect(parameters.e.shape).toEqual([2, 2]);
    expect(parameters.e.data[3]).toBeCloseTo(1, 6);
  });

  it("is converged at once when the start is a minimum, and returns it", () => {
    const result = minimize(({ x }) => x.square(), { start: { x: 0 }, optimizer: heavyBall() });
    expect(result).toMatchObject({ steps: 0, value: 0, parameters: { x: 0 }, status: { kind: "converged" } });
  });

  it("says limit, never converged, when steps run out", () => {
    const result = minimize(rosenbrock, { start, optimizer: descent({ learningRate: 1e-4 }), maxSteps: 10 });
    expect(result.status).toMatchObject({ kind: "limit", achieved: result.gradientNorm });
    expect(result.status.why).toMatch(/^The limit of 10 steps is reached; the gradient norm is /);
    expect(result.steps).toBe(10);
  });

  it("stops at a target value, at evaluations, at time and at a signal", () => {
    const optimizer = descent({ learningRate: 1e-3 });
    const target = minimize(rosenbrock, { start, optimizer, target: 4 });
    expect(target.status).toMatchObject({ kind: "converged", criterion: "target", achieved: target.value });
    expect(target.value).toBeLessThanOrEqual(4);
    const evaluations = minimize(rosenbrock, { start, optimizer, maxEvaluations: 5 });
    expect(evaluations.status.kind).toBe("limit");
    expect(evaluations.evaluations).toBe(5);
    expect(evaluations.status.why).toMatch(/^The limit of 5 evaluations is reached/);
    expect(minimize(rosenbrock, { start, optimizer, maxTimeMs: 0 }).status.kind).toBe("limit");
    const stopped = minimize(rosenbrock, { start, optimizer, signal: AbortSignal.abort() });
    expect(stopped.status.kind).toBe("stopped");
    expect(stopped.parameters).toEqual(start);
  });

  it("returns the point before a divergence", () => {
    const result = minimize(({ x }) => x.square().square(), {
      start: { x: 3 },
      optimizer: descent({ learningRate: 1 }),
    });
    expect(result.status.kind).toBe("diverged");
    expect(Number.isFinite(result.parameters.x)).toBe(true);
    expect(result.value).toBe(result.parameters.x ** 4);
    expect(result.status.why).toContain(`after step ${result.steps + 1}`);
  });

  it("says diverged when the start itself is no good", () => {
    const result = minimize(({ x }) => x.log(), { start: { x: -1 }, optimizer: descent() });
    expect(result.status).toMatchObject({ kind: "diverged" });
    expect(result.status.why).toContain("at the start");
    expect(result.parameters.x).toBe(-1);
    expect(result.value).toBeNaN();
  });

  it("says stalled when nothing changes any more", () => {
    const result = minimize(({ x }) => x.sub(1).square(), {
      start: { x: 0 },
      optimizer: descent({ learningRate: 0 }),
    });
    expect(result.status.kind).toBe("stalled");
    expect(result.steps).toBeLessThan(1000);
  });

  it("takes the loss into the rule: Polyak's step solves a parabola", () => {
    const result = minimize(({ w }) => w.square().sum(), { start: { w: [3, 4] }, optimizer: polyak() });
    // f/‖g‖² = 25/100, so each step halves the point.
    expect(result.status.kind).toBe("converged");
    expect(result.gradientNorm).toBe(10 / 2 ** result.steps);
  });

  it("judges and returns the view of a rule that has one", () => {
    const seen = [
      ...minimizeSteps(({ x }) => x.square(), {
        start: { x: 1 },
        optimizer: averaged({ learningRate: 0.25 }),
        maxSteps: 3,
      }),
    ];
    // Trained: 1, ½, ¼, ⅛; averaged from the first step on: ½, ⅜, 7/24.
    expect(seen.map(({ parameters }) => parameters.x)).toEqual([1, 0.5, 0.375, 0.875 / 3]);
    expect(seen.map(({ value }) => value)).toEqual([1, 0.25, 0.375 ** 2, (0.875 / 3) ** 2]);
  });

  it("looks at a view with the hyper-parameters of the last update", () => {
    const shrunk = defineOptimizer({
      name: "shrunk",
      paper: "",
      hyper: { learningRate: rate(0.25), share: rate(1) },
      update: ({ gradient: g }, { learningRate }) => ({ step: learningRate.mul(g) }),
      view: ({ parameter }, { share }) => parameter.mul(share),
    });
    const { history } = minimize(({ x }) => x.square(), {
      start: { x: 1 },
      optimizer: shrunk({ share: (step) => 1 / (step + 1) }),
      maxSteps: 3,
      history: true,
    });
    // Trained: 1, ½, ¼, ⅛; shares before the first update and in the three: 1, 1, ½, ⅓.
    expect(history!.map(({ parameters }) => parameters.x)).toEqual([1, 0.5, 0.125, 0.125 * (1 / 3)]);
  });

  it("is a loop over its iterator", () => {
    const options = { start, optimizer: adam({ learningRate: 0.02 }), maxSteps: 50, history: true } as const;
    const iterator = minimizeSteps(rosenbrock, options);
    const seen = [];
    let next = iterator.next();
    for (; !next.done; next = iterator.next()) seen.push(next.value);
    const { history, ...whole } = minimize(rosenbrock, options);
    const timeless = (steps: readonly object[]) => steps.map((step) => ({ ...step, timeMs: 0 }));
    expect(timeless(seen)).toEqual(timeless(history!));
    expect(next.value.parameters).toEqual(whole.parameters);
    expect(next.value.status).toEqual(whole.status);
  });

  it("frees its memory when a loop over the iterator breaks", () => {
    let disposed = 0;
    const engine: Engine<"sync"> = {
      ...js(),
      open: (layout, dtype) => {
        const session = js().open(layout, dtype);
        return { ...session, dispose: () => disposed++ };
      },
    };
    for (const { step } of minimizeSteps(rosenbrock, {
      start,
      optimizer: descent({ learningRate: 1e-4 }),
      engine,
    })) {
      if (step === 3) break;
    }
    expect(disposed).toBe(1);
  });

  it("gives a promise on an asynchronous engine, with the same bits", async () => {
    for (const optimizer of [
      adam({ learningRate: 0.02 }),
      averaged({ learningRate: 1e-3 }),
      backtracking(),
    ]) {
      const options = { start, optimizer, maxSteps: 100 } as const;
      const later = await minimize(rosenbrock, { ...options, engine: asynchronous() });
      const now = minimize(rosenbrock, options);
      expect(later.parameters).toEqual(now.parameters);
      expect(later.status).toEqual(now.status);
    }
    const seen = [];
    const steps = minimizeSteps(rosenbrock, {
      start,
      optimizer: adam(),
      maxSteps: 2,
      engine: asynchronous(),
    });
    for await (const { step } of steps) seen.push(step);
    expect(seen).toEqual([0, 1, 2]);
  });

  it("computes the same bits on js and reference", () => {
    const run = (engine: Engine<"sync">) =>
      minimize(({ w }) => w.sub(1).square().mul(w.exp()).sum(), {
        start: { w: [0.3, -0.7, 2.2] },
        optimizer: chain(clipNorm({ maxNorm: 0.3 }), adam({ learningRate: 0.05 })),
        engine,
        maxSteps: 200,
      }).parameters.w;
    run(js()).forEach((x, i) => {
      expect(x).toBeCloseTo(run(reference())[i]!, 12);
    });
  });
});

describe("minimize of plain code", () => {
  const plain = ({ x, y }: { x: number; y: number }) => (x - 1) ** 2 + 100 * (y - x * x) ** 2;
  const gradient = ({ x, y }: { x: number; y: number }) => ({
    x: 2 * (x - 1) - 400 * x * (y - x * x),
    y: 200 * (y - x * x),
  });

  it("takes the same path as the traced objective when given the gradient", () => {
    for (const optimizer of [
      adam({ learningRate: 0.02 }),
      backtracking(),
      averaged({ learningRate: 1e-3 }),
    ]) {
      const traced = minimize(rosenbrock, { start, optimizer, maxSteps: 40 });
      const own = minimize(
        { evaluate: ({ x, y }) => ({ value: plain({ x, y }), gradient: gradient({ x, y }) }) },
        { start, optimizer, maxSteps: 40 },
      );
      expect(own.parameters.x).toBeCloseTo(traced.parameters.x, 11);
      expect(own.gradientSource).toBe("callback");
    }
  });

  it("estimates a gradient that is not given, and says so", () => {
    const result = minimize(
      { evaluate: plain },
      { start, optimizer: backtracking(), gradientTolerance: 1e-4, maxSteps: 50_000 },
    );
    expect(result.gradientSource).toBe("numeric");
    expect(result.status.kind).toBe("converged");
    expect(result.parameters.x).toBeCloseTo(1, 3);
  });

  it("never calls an estimated gradient converged that rounding hides", () => {
    const result = minimize(
      { evaluate: ({ x }) => 1e12 + (x - 3) ** 2 },
      { start: { x: 2.5 }, optimizer: descent() },
    );
    expect(result.status.kind).toBe("stalled");
    expect(result.status.why).toMatch(
      /^Differences of values near 1000000000000 cannot resolve the gradient/,
    );
  });

  it("keeps to its evaluations, within a method's step too", () => {
    for (const maxEvaluations of [1, 2, 3, 7, 50]) {
      const traced = minimize(rosenbrock, { start, optimizer: backtracking(), maxEvaluations });
      expect(traced.evaluations).toBeLessThanOrEqual(maxEvaluations);
      expect(traced.status.why).toContain(
        `The limit of ${maxEvaluations} evaluation${maxEvaluations === 1 ? " " : "s "}`,
      );
      const numeric = minimize(
        { evaluate: plain },
        { start, optimizer: descent({ learningRate: 1e-4 }), maxEvaluations: 5 + maxEvaluations },
      );
      expect(numeric.evaluations).toBeLessThanOrEqual(5 + maxEvaluations);
    }
  });

  it("names a gradient of the wrong length", () => {
    expect(() =>
      minimize(
        { evaluate: () => ({ value: 1, gradient: { w: [1, 2] } }) },
        { start: { w: [1, 2, 3] }, optimizer: descent() },
      ),
    ).toThrow('evaluate: the gradient of "w" has 2 numbers; expected 3, one for each of the parameter\'s.');
  });
});

describe("methods", () => {
  it("backtrack to Rosenbrock's minimum, every step downhill", () => {
    const result = minimize(rosenbrock, {
      start,
      optimizer: backtracking(),
      maxSteps: 30_000,
      history: true,
    });
    expect(result.status.kind).toBe("converged");
    const values = result.history!.map(({ value }) => value);
    expect(values.every((value, i) => i === 0 || value <= values[i - 1]!)).toBe(true);
  });

  it("get Hessian-vector products: Newton's step solves a quadratic at once", () => {
    const newton1d = defineMethod({
      name: "newton-1d",
      paper: "",
      hyper: {},
      start: () => ({}),
      *step({ x, at, state }) {
        const one = x.clone().scale(0);
        one.data[0] = 1;
        const curvature = (yield* ask.hvp(x, one)).data[0]!;
        const next = x.clone().axpy(-1 / curvature, at.gradient);
        return { x: next, at: yield* ask.gradient(next), state };
      },
    });
    const result = minimize(({ x }) => x.sub(3).square().mul(7), {
      start: { x: -20 },
      optimizer: newton1d(),
    });
    expect(result).toMatchObject({ steps: 1, parameters: { x: 3 }, status: { kind: "converged" } });
  });

  it("that cannot go on are stalled, with their reason", () => {
    const result = minimize(
      { evaluate: ({ x }) => ({ value: Math.abs(x), gradient: { x: -1 } }) },
      { start: { x: 1 }, optimizer: backtracking() },
    );
    expect(result.status).toMatchObject({
      kind: "stalled",
      why: "No decrease along the negative gradient after 60 halvings.",
    });
    expect(result.parameters.x).toBe(1);
  });
});

describe("bad input", () => {
  const f = ({ x }: { x: Tensor }) => x.square().sum();

  it("names the parameter and the value", () => {
    const bad = (x: unknown) => () => minimize(f, { start: { x: x as number }, optimizer: descent() });
    expect(bad(NaN)).toThrow('start: parameter "x" has NaN at element 0; expected finite numbers.');
    expect(bad("a")).toThrow('start: parameter "x" is a; expected a number, an array of numbers');
    expect(bad({ data: new Float64Array(3), shape: [2, 2] })).toThrow(
      "tensor: 3 numbers do not fill shape [2, 2] of 4 elements.",
    );
    expect(() => minimize(() => f({ x: undefined as never }), { start: {}, optimizer: descent() })).toThrow(
      "start has no parameters",
    );
  });

  it("names the option and what is allowed", () => {
    const bad = (options: object) => () => minimize(f, { start: { x: 1 }, optimizer: descent(), ...options });
    expect(bad({ maxSteps: -1 })).toThrow(
      "minimize: maxSteps = -1 is not allowed; expected a number of at least 0.",
    );
    expect(bad({ gradientTolerance: NaN })).toThrow("gradientTolerance = NaN");
    expect(bad({ target: NaN })).toThrow("target = NaN");
    expect(bad({ engine: { ...js(), name: "toy", dtypes: ["float32"] } })).toThrow(
      "engine toy has no float64; it has float32.",
    );
  });

  it("names misspelt options and parameters, and a result that is no tensor", () => {
    const run =
      (objective: unknown, options: object = {}) =>
      () =>
        minimize(objective as typeof f, { start: { x: 1 }, optimizer: descent(), ...options });
    expect(run(f, { optimizer: descent })).toThrow("minimize: optimizer is a function");
    expect(run(f, { engine: js })).toThrow("minimize: engine is a function");
    expect(run(f, { maxStep: 3 })).toThrow('minimize: unknown option "maxStep". Did you mean "maxSteps"?');
    expect(run(f, { maxSteps: 2.5 })).toThrow("maxSteps = 2.5 is not allowed; expected a whole number.");
    expect(run(({ xx }: { xx: Tensor }) => xx.square())).toThrow(
      'uses a parameter "xx", which start does not have. Did you mean "x"? It has x.',
    );
    expect(run(({ x }: { x: Tensor }) => (x as unknown as number) * 2)).toThrow(
      "the objective returned NaN; expected a traced scalar",
    );
    expect(run(() => undefined)).toThrow("the objective returned nothing; expected a traced scalar");
  });

  it("says both shapes and the operator when shapes do not fit", () => {
    expect(() =>
      minimize(({ a, b }) => a.add(b).sum(), { start: { a: [1, 2], b: [1, 2, 3] }, optimizer: descent() }),
    ).toThrow("add: shapes [2] and [3] do not fit together: axis 0 has 2 and 3.");
  });

  it("refuses a schedule that leaves its range, with the step", () => {
    const optimizer = descent({ learningRate: (step) => (step === 2 ? NaN : 0.1) });
    expect(() => minimize(f, { start: { x: 1 }, optimizer })).toThrow(
      "descent: learningRate = NaN at step 2 of its schedule is not allowed; expected a number in [0, ∞).",
    );
  });
});
