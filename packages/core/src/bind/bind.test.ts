import { describe, expect, it } from "vitest";
import { bind, js, tensor } from "../index.js";
import { chain } from "../optimizer/chain.js";
import {
  adam,
  averaged,
  backtracking,
  clipNorm,
  descent,
  heavyBall,
  polyak,
  smooth,
} from "../optimizer/test-rules.js";
import { bindRule } from "./bind-rule.js";

const gradient = (step: number, i: number) => Math.sin(1.3 * step + i) * (i % 3 === 0 ? 10 : 0.1);

describe("bind", () => {
  it("makes heavy ball's hand-computed steps", () => {
    const stepper = bind(heavyBall({ learningRate: 0.1, momentum: 0.5 }), { w: Float64Array.of(1, 2) });
    // b: 1, then 0.5·1 + 1 = 1.5, then 0.5·1.5 - 1 = -0.25.
    const expected = [
      [0.9, 1.9],
      [0.75, 1.75],
      [0.775, 1.775],
    ];
    [1, 1, -1].forEach((g, i) => {
      stepper.gradients.w.fill(g);
      stepper.step();
      stepper.parameters.w.forEach((x, j) => {
        expect(x).toBeCloseTo(expected[i]![j]!, 15);
      });
    });
    expect(stepper.t).toBe(3);
  });

  it("copies the parameters and gives them back in their form", () => {
    const given = tensor(Float64Array.of(1, 2, 3, 4), [2, 2]);
    const stepper = bind(descent({ learningRate: 1 }), { w: given, b: Float64Array.of(5) });
    stepper.gradients.w.data.set([1, 1, 1, 1]);
    stepper.step();
    expect(given.data[0]).toBe(1);
    expect(stepper.parameters.w).toEqual(tensor(Float64Array.of(0, 1, 2, 3), [2, 2]));
    expect(stepper.parameters.b).toEqual(Float64Array.of(5));
  });

  it("reads and writes hyper-parameters between steps", () => {
    const stepper = bind(descent({ learningRate: (step) => 1 / (step + 1) }), { w: Float64Array.of(0) });
    stepper.gradients.w[0] = -1;
    expect(stepper.hyper.learningRate).toBe(1);
    stepper.step();
    expect(stepper.hyper.learningRate).toBe(0.5);
    stepper.step();
    stepper.hyper.learningRate = 10;
    stepper.step();
    expect(stepper.parameters.w[0]).toBe(11.5);
    expect(() => {
      stepper.hyper.learningRate = -1;
    }).toThrow("descent: learningRate = -1 is not allowed; expected a number in [0, ∞).");
  });

  it("says how to fill what cannot be replaced, instead of going on without it", () => {
    const { gradients, parameters } = bind(descent(), {
      a: Float64Array.of(1, 2),
      b: tensor(Float64Array.of(3), [1]),
    });
    const assign = (arrays: object, name: string) => () =>
      Object.assign(arrays, { [name]: Float64Array.of(1, 2, 3) });
    expect(assign(gradients, "a")).toThrow(
      "descent: gradients.a cannot be replaced; fill it: stepper.gradients.a.set(numbers).",
    );
    expect(assign(gradients, "b")).toThrow("fill it: stepper.gradients.b.data.set(numbers).");
    expect(assign(parameters, "a")).toThrow("descent: parameters.a cannot be replaced");
    expect(assign(gradients.b, "data")).toThrow("read only property 'data'");
    expect(assign(gradients, "c")).toThrow("Cannot add property c");
  });

  it("clips the norm over all parameters together", () => {
    const stepper = bind(chain(clipNorm({ maxNorm: 1 }), descent({ learningRate: 1 })), {
      a: Float64Array.of(0),
      b: Float64Array.of(0, 0),
    });
    stepper.gradients.a[0] = 3;
    stepper.gradients.b.set([0, 4]);
    stepper.step();
    expect(stepper.parameters.a[0]).toBeCloseTo(-0.6, 6);
    expect(stepper.parameters.b[1]).toBeCloseTo(-0.8, 6);
    expect(stepper.parameters.b[0]).toBeCloseTo(0, 15);
  });

  it("goes on from saved state with the same bits", () => {
    const start = () => ({ w: Float64Array.of(1, -2, 3), b: tensor(Float64Array.of(0.5), []) });
    const optimizer = chain(smooth(), clipNorm({ maxNorm: 5 }), averaged({ learningRate: 0.01 }));
    const drive = (stepper: ReturnType<typeof bindRule>, from: number, to: number) => {
      for (let step = from; step < to; step++) {
        (stepper.gradients.w as Float64Array).forEach((_, i, w) => {
          w[i] = gradient(step, i);
        });
        (stepper.gradients.b as { data: Float64Array }).data[0] = gradient(step, 7);
        stepper.step({ value: gradient(step, 9) });
      }
    };
    const whole = bindRule(optimizer, start(), js());
    drive(whole, 0, 20);
    const first = bindRule(optimizer, start(), js());
    drive(first, 0, 11);
    const saved = structuredClone(first.save());
    const second = bindRule(optimizer, start(), js());
    second.load(saved);
    drive(second, 11, 20);
    expect(second.save()).toEqual(whole.save());
    expect(second.view()).toEqual(whole.view());
    expect(whole.save().host).toEqual({ count: 20 });
    expect(whole.save().state.run!.loss!.data[0]).not.toBe(0);
  });

  it("refuses state that does not fit and changes nothing", () => {
    const saved = bind(adam(), { w: new Float64Array(3) }).save();
    const other = bind(adam(), { w: new Float64Array(4) });
    expect(() => other.load(saved)).toThrow(
      'adam: saved state "state.m" of "w" has shape [3], expected [4]. Was it saved for another model?',
    );
    expect(() => bind(descent(), { w: new Float64Array(3) }).load(saved)).toThrow(
      'descent: the saved state is of optimizer "adam". Load it with that one.',
    );
    expect(() => bind(adam(), { v: new Float64Array(3) }).load(saved)).toThrow('has no "state.m" for "v"');
    expect(other.t).toBe(0);
  });

  it("refuses what was damaged, before it writes anything", () => {
    const optimizer = chain(smooth(), averaged({ learningRate: 0.01 }));
    const make = () => bind(optimizer, { w: Float64Array.of(1, 2) });
    const from = make();
    from.gradients.w.fill(1);
    from.step({ value: 1 });
    from.hyper.learningRate = 0.5;
    const saved = from.save();
    const damaged: [object, string][] = [
      [{ t: undefined }, "the saved t is undefined; expected a whole number from 0."],
      [{ t: 1.5 }, "the saved t is 1.5; expected a whole number"],
      [{ host: {} }, 'the saved host scalar "count" is undefined; expected a number.'],
      [{ host: undefined }, 'the saved host scalar "count" is undefined'],
      [{ host: { ...saved.host, cont: 1 } }, 'unknown saved host scalar "cont". Did you mean "count"?'],
      [{ missed: undefined }, "the saved missed is undefined"],
      [{ missed: { w: 2 } }, 'missed steps of "w" are 2; expected a whole number from 0 to 1, the saved t.'],
      [{ missed: { v: 0 } }, 'unknown parameter with saved missed steps "v"'],
      [{ hyper: { learningRate: -1 } }, "learningRate = -1 is not allowed"],
      [{ hyper: { rate: 1 } }, 'unknown saved hyper-parameter "rate"'],
      [{ parameters: { w: null } }, '"parameter" of "w": data is not a typed array'],
      [JSON.parse(JSON.stringify(saved)), "data is not a typed array"],
    ];
    for (const [change, message] of damaged) {
      const stepper = make();
      const before = stepper.save();
      expect(() => stepper.load({ ...saved, ...change })).toThrow(message);
      expect(stepper.save()).toEqual(before);
    }
  });

  it("saves the hyper-parameters set live, and those alone", () => {
    const make = () => bind(heavyBall({ learningRate: 0.1, momentum: 0.5 }), { w: Float64Array.of(1) });
    const first = make();
    expect("hyper" in first.save()).toBe(false);
    first.hyper.learningRate = 0.25;
    const saved = structuredClone(first.save());
    expect(saved.hyper).toEqual({ learningRate: 0.25 });
    const second = make();
    second.hyper.momentum = 0.75;
    second.load(saved);
    expect(second.hyper).toEqual({ learningRate: 0.25, momentum: 0.75 });
    expect(second.save().hyper).toEqual({ learningRate: 0.25, momentum: 0.75 });
  });

  it("says what the engine has to say", () => {
    expect(bind(descent(), { w: new Float64Array(1) }).notes).toEqual([]);
    const engine = js();
    const telling: typeof engine = {
      ...engine,
      open: (layout, dtype) => ({ ...engine.open(layout, dtype), notes: ["It is slow today."] }),
    };
    expect(bind(descent(), { w: new Float64Array(1) }, { engine: telling }).notes).toEqual([
      "It is slow today.",
    ]);
  });

  it("leaves frozen parameters and their t alone", () => {
    const start = () => ({ a: Float64Array.of(1), b: Float64Array.of(1) });
    const stepper = bind(adam({ learningRate: 0.1 }), start());
    const alone = bind(adam({ learningRate: 0.1 }), start());
    const step = (s: typeof stepper, i: number) => {
      s.gradients.a[0] = gradient(i, 1);
      s.gradients.b[0] = gradient(i, 1);
      s.step();
    };
    step(stepper, 0);
    step(stepper, 1);
    stepper.freeze("b");
    const frozen = stepper.parameters.b[0];
    stepper.gradients.b[0] = 100;
    for (let i = 0; i < 5; i++) {
      stepper.gradients.a[0] = 1;
      stepper.step();
    }
    expect(stepper.parameters.b[0]).toBe(frozen);
    const saved = stepper.save();
    stepper.thaw("b");
    for (let i = 0; i < 4; i++) step(alone, i);
    step(stepper, 2);
    step(stepper, 3);
    expect(stepper.parameters.b[0]).toBe(alone.parameters.b[0]);
    expect(saved.missed).toEqual({ b: 5 });
    expect(() => stepper.freeze("c" as "a")).toThrow(
      'freeze: unknown parameter "c". Did you mean "a"? It has a, b.',
    );
  });

  it("clips the norm over those that are not frozen, far apart and of one element", () => {
    const stepper = bind(chain(clipNorm({ maxNorm: 1 }), descent({ learningRate: 1 })), {
      a: new Float64Array(6),
      b: new Float64Array(3),
      c: new Float64Array(1),
    });
    stepper.freeze("b");
    stepper.gradients.a[0] = 3;
    stepper.gradients.b[0] = 100;
    stepper.gradients.c[0] = -4;
    stepper.step();
    expect(stepper.parameters.a[0]).toBeCloseTo(-0.6, 6);
    expect(stepper.parameters.b[0]).toBe(0);
    expect(stepper.parameters.c[0]).toBeCloseTo(0.8, 6);
  });

  it("asks for the loss when the rule uses it", () => {
    const stepper = bind(polyak(), { w: Float64Array.of(3, 4) });
    stepper.gradients.w.set([6, 8]);
    expect(() => stepper.step()).toThrow("polyak: this rule uses the loss; call step({ value }) with it.");
    stepper.step({ value: 25 });
    expect(stepper.parameters.w).toEqual(Float64Array.of(1.5, 2));
  });

  it("binds a method to a function that evaluates", () => {
    const evaluate = ({ w }: { w: Float64Array }) => ({
      value: w.reduce((sum, x) => sum + (x - 1) ** 2, 0),
      gradient: { w: w.map((x) => 2 * (x - 1)) },
    });
    const stepper = bind(backtracking(), { w: Float64Array.of(5, -3) }, { evaluate });
    for (let i = 0; i < 40; i++) stepper.step();
    expect(stepper.parameters.w[0]).toBeCloseTo(1, 10);
    expect(stepper.value).toBeLessThan(1e-20);
    expect(() => bind(backtracking() as never, { w: new Float64Array(1) })).toThrow(
      "backtracking asks for evaluations",
    );
  });

  it("names the gradient that a method cannot take", () => {
    const step = (gradient: object) => () =>
      bind(
        backtracking(),
        { w: Float64Array.of(1, 2) },
        { evaluate: () => ({ value: 1, gradient: gradient as { w: Float64Array } }) },
      ).step();
    expect(step({ W: Float64Array.of(1, 2) })).toThrow(
      'the gradient of "w" has no numbers; expected 2, one for each of the parameter\'s.',
    );
    expect(step({ w: Float64Array.of(1) })).toThrow('the gradient of "w" has 1 numbers; expected 2');
    expect(step({ w: Float64Array.of(1, 2, 3) })).toThrow('the gradient of "w" has 3 numbers; expected 2');
    expect(step(undefined as never)).toThrow('the gradient of "w" has no numbers');
  });

  it("goes on with a method from saved state, with the same bits and without evaluating again", () => {
    let evaluations = 0;
    const evaluate = ({ w, b }: { w: Float32Array; b: { data: Float32Array; shape: readonly number[] } }) => {
      evaluations++;
      return {
        value: (w[0]! - 1) ** 2 + 10 * (w[1]! + 2) ** 4 + b.data[0]! ** 2,
        gradient: {
          w: Float32Array.of(2 * (w[0]! - 1), 40 * (w[1]! + 2) ** 3),
          b: { data: Float32Array.of(2 * b.data[0]!), shape: [] },
        },
      };
    };
    const make = () =>
      bind(backtracking(), { w: Float32Array.of(5, 0.3), b: tensor(Float32Array.of(0.7), []) }, { evaluate });
    const whole = make();
    const first = make();
    whole.hyper.c1 = first.hyper.c1 = 0.3;
    for (let i = 0; i < 9; i++) whole.step();
    for (let i = 0; i < 4; i++) first.step();
    const saved = structuredClone(first.save());
    const second = make();
    evaluations = 0;
    second.load(saved);
    expect(evaluations).toBe(0);
    expect(second.value).toBe(first.value);
    expect(second.view()).toEqual(first.parameters);
    for (let i = 0; i < 5; i++) second.step();
    expect(second.save()).toEqual(whole.save());
    expect(second.t).toBe(9);
    expect(second.hyper.c1).toBe(0.3);
    expect(saved.t).toBe(4);
    const view = second.view();
    view.w.fill(0);
    expect(second.parameters).toEqual(whole.parameters);
  });

  it("refuses a method's state that does not fit and changes nothing", () => {
    const make = (w: Float64Array) =>
      bind(backtracking(), { w }, { evaluate: ({ w }) => ({ value: w[0]! ** 2, gradient: { w } }) });
    const from = make(Float64Array.of(3));
    from.step();
    const saved = from.save();
    const damaged: [object, string][] = [
      [{ optimizer: "lbfgs" }, 'the saved state is of optimizer "lbfgs"'],
      [{ t: undefined }, "the saved t is undefined"],
      [{ parameters: {} }, 'the saved state has no "parameter" for "w"'],
      [{ at: { value: null, gradient: saved.parameters } }, "the saved value is null; expected a number."],
      [
        { state: { d: { "~vector": new Float64Array(2) } } },
        '"state/d" is a vector of 2 numbers; expected a vector of 1',
      ],
      [{ hyper: { c1: -1 } }, "c1 = -1 is not allowed"],
      [JSON.parse(JSON.stringify(saved)), "data is not a typed array"],
    ];
    for (const [change, message] of damaged) {
      const stepper = make(Float64Array.of(7));
      const before = stepper.save();
      expect(() => stepper.load({ ...saved, ...change })).toThrow(message);
      expect(stepper.save()).toEqual(before);
    }
  });

  it("names what it cannot bind", () => {
    expect(() => bind(descent(), { w: [1, 2] as never })).toThrow(
      'bind: parameter "w" is 1,2; expected a Float32Array',
    );
    expect(() => bind(descent(), { w: 3 as never })).toThrow(
      'bind: parameter "w" is 3; expected a Float32Array',
    );
    expect(() => bind(descent(), { a: new Float32Array(1), b: new Float64Array(1) })).toThrow(
      "mix Float32Array and Float64Array",
    );
    expect(() => bind(descent(), {})).toThrow("no parameters were given");
  });
});
