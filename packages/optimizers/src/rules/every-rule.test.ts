import { readFileSync } from "node:fs";
import { bind, type Data, type Hyper, type Rule, tensor } from "@downhill/core";
import { describe, expect, it } from "vitest";
import { catalogue } from "../catalogue.js";
import * as rules from "./index.js";
import { operatorsOf } from "./trace.fixture.js";

const start = (): Record<string, Data> => ({
  w: tensor(Float64Array.of(1, -2, 0.5, 3, 0, -1), [2, 3]),
  b: tensor(Float64Array.of(0.1, 0), [2]),
});

/** Steps of a stepper under gradients that depend on the step alone. */
function drive(stepper: ReturnType<typeof bound>, from: number, to: number): void {
  for (let t = from; t < to; t++) {
    for (const [name, { data }] of Object.entries(stepper.gradients)) {
      for (let i = 0; i < data.length; i++) data[i] = Math.sin(1.7 * t + 3 * i + name.charCodeAt(0));
    }
    stepper.step({ value: 1 + Math.cos(t) });
  }
}
const bound = (rule: Rule<any>) => bind(rule, start());
const after = (rule: Rule<any>, steps: number) => {
  const stepper = bound(rule);
  drive(stepper, 0, steps);
  return stepper.parameters;
};

const all = Object.entries(catalogue.rules).map(([name, make]) => ({
  name,
  make,
  hyper: make.definition.hyper as Readonly<Record<string, Hyper>>,
}));

describe.each(all)("$name", ({ name, make, hyper }) => {
  it("says what it cannot be set to, and to what it can", () => {
    for (const [key, { min, above, max, below, default: value }] of Object.entries(hyper)) {
      const outside = [
        min !== undefined && min - 1,
        above,
        max !== undefined && max < Infinity && max + 1,
        max !== Infinity && Infinity,
        -Infinity,
        below,
        Number.NaN,
        "1",
      ];
      for (const wrong of outside.filter((x) => x !== false && x !== undefined)) {
        expect(() => make({ [key]: wrong })).toThrow(`${name}: ${key} = ${wrong} is not allowed; expected`);
      }
      expect(() => make({ [`${key}x`]: value })).toThrow(`Did you mean "${key}"?`);
    }
    expect(() => make({ nonsense: 1 })).toThrow(`${name}: unknown hyper-parameter or option "nonsense"`);
  });

  it("refuses a schedule that leaves the range, at the step where it does", () => {
    const stepper = bound(make({ learningRate: (step: number) => (step < 2 ? 0.1 : Number.NaN) }));
    expect(() => drive(stepper, 0, 3)).toThrow("learningRate = NaN at step 2 of its schedule");
    expect(stepper.t).toBe(2);
  });

  it("takes a schedule for every hyper-parameter", () => {
    const settings = make().settings as Readonly<Record<string, number>>;
    const own = Object.entries(settings).filter(([key]) => key in hyper);
    const schedules = Object.fromEntries(own.map(([key, value]) => [key, () => value]));
    expect(after(make(schedules), 6)).toEqual(after(make(), 6));
  });

  it("obeys a learning rate that changes while it runs", () => {
    const stepper = bound(make());
    drive(stepper, 0, 3);
    (stepper.hyper as { learningRate: number }).learningRate *= 0.5;
    drive(stepper, 3, 6);
    if (name === "rprop") expect(stepper.parameters).toEqual(after(make(), 6));
    else expect(stepper.parameters).not.toEqual(after(make(), 6));
  });

  it("goes on from where it was saved, to the same bits", () => {
    const [whole, first, second] = [bound(make()), bound(make()), bound(make())];
    drive(whole, 0, 9);
    drive(first, 0, 4);
    second.load(structuredClone(first.save()));
    drive(second, 4, 9);
    expect(second.save()).toEqual(whole.save());
    expect(second.view()).toEqual(whole.view());
  });

  it("is at most 15 lines of mathematics, in a file of nothing else but defaults and documentation", () => {
    const source = readFileSync(new URL(`./${name}.ts`, import.meta.url), "utf8");
    const [, body] = /^ {2}update(?:: )?\(.*(?:\{|=>)\n?([\s\S]*?)^ {0,2}\}\)?[,;]$/m.exec(source)!;
    const lines = body!.split("\n").filter((line) => /\S/.test(line) && !line.trim().startsWith("//"));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(15);
    // Helpers have files, and papers' names, of their own.
    expect(source).not.toMatch(/^(export )?(async )?(function|class|let|interface|type)\b/m);
  });

  it("has a source, and a name that is its file's", () => {
    expect(make().paper).not.toBe("");
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    const exported = name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    expect(Object.entries(rules)).toContainEqual([exported, make]);
  });
});

describe.each(all.filter(({ make }) => !operatorsOf(make()).has("acrossParameters")))("$name", ({ make }) => {
  it("lets a parameter that was frozen go on as if nothing had been in between", () => {
    const [frozen, alone] = [bound(make()), bound(make())];
    drive(frozen, 0, 3);
    frozen.freeze("b");
    drive(frozen, 3, 7);
    frozen.thaw("b");
    drive(frozen, 3, 6);
    drive(alone, 0, 6);
    expect(frozen.parameters.b).toEqual(alone.parameters.b);
    expect(frozen.view().b).toEqual(alone.view().b);
  });
});

describe("compat", () => {
  it("is an error where there is only one convention", () => {
    expect(() => catalogue.rules.lion!({ compat: "torch" })).toThrow(
      'lion: unknown hyper-parameter or option "compat"',
    );
    expect(() => catalogue.rules.adamw!({ compat: "tfjs" })).toThrow(
      'adamw: compat = "tfjs" is not allowed; expected "torch", "optax", "keras".',
    );
  });

  it("brings the library's defaults, which settings override", () => {
    expect(rules.adam({ compat: "keras" }).settings.epsilon).toBe(1e-7);
    expect(rules.adam({ compat: "keras", epsilon: 1e-3 }).settings.epsilon).toBe(1e-3);
    expect(rules.adagrad({ compat: "tfjs" }).settings.initialAccumulatorValue).toBe(0.1);
  });
});
