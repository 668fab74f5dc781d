import { readdirSync, readFileSync } from "node:fs";
import { bind, chain, type Data, type Rule, type Saved, tensor } from "@downhill/core";
import { decodeSafetensors, encodeSafetensors } from "@downhill/core/train";
import { describe, expect, it } from "vitest";
import { catalogue } from "../catalogue.js";
import { adam, adamw, gradientDescent, nadam, rmsprop, sgd } from "../rules/index.js";
import { type Case, deviation, runOf, type Trajectory } from "../trajectories.fixture.js";
import { clipByGlobalNorm } from "../transforms/index.js";
import { fromTorch } from "./from-torch.js";
import { toTorch } from "./to-torch.js";

/** A run that began in PyTorch or in optax, and how it goes on there. */
interface Sequel extends Case {
  readonly rule: string;
  readonly file: string;
  readonly dtype: "float64" | "float32";
  readonly exportedAfter: number;
}

const fixtures = new URL("../../fixtures/", import.meta.url);
const bytesOf = (file: string, library = "torch") =>
  new Uint8Array(readFileSync(new URL(`${library}_state/${file}`, fixtures)));
const sequels = ["torch", "optax"].flatMap((library) =>
  readdirSync(new URL(`${library}_state/`, fixtures))
    .filter((file) => file.endsWith(".json"))
    .map((file) => ({
      ...(JSON.parse(readFileSync(new URL(`${library}_state/${file}`, fixtures), "utf8")) as Sequel),
      library,
    })),
);
const run = runOf({});
const ruleOf = ({ rule, hyper, options }: Sequel) => catalogue.rules[rule]!({ ...hyper, ...options });

/** Where the run goes from saved state, at the recorded steps. */
function goOn(rule: Rule<any>, saved: Saved, from: number, steps: readonly number[]): Trajectory {
  const start = Object.entries(saved.parameters).map(([name, { data, shape }]): [string, Data] => [
    name,
    tensor(
      data.map(() => 0),
      shape,
    ),
  ]);
  const stepper = bind(rule, Object.fromEntries(start));
  stepper.load(saved);
  const names = Object.keys(saved.parameters);
  const points = Object.fromEntries(names.map((name) => [name, [] as number[][]]));
  for (let t = from + 1; t <= steps.at(-1)!; t++) {
    for (const name of names) stepper.gradients[name]!.data.set(run.gradients[t - 1]![name]!);
    stepper.step();
    if (steps.includes(t))
      for (const name of names) points[name]!.push(Array.from(stepper.parameters[name]!.data));
  }
  return points;
}

const headerOf = (bytes: Uint8Array) =>
  JSON.parse(decodeSafetensors(bytes).metadata["torch-optimizer-state"]!);

/** The file with another header or other tensors. */
function altered(
  file: string,
  change: (header: any, tensors: Record<string, any>) => void,
  key = "torch-optimizer-state",
): Uint8Array {
  const bytes = bytesOf(file);
  const tensors = { ...decodeSafetensors(bytes).tensors };
  const header = headerOf(bytes);
  change(header, tensors);
  return encodeSafetensors(tensors, { [key]: JSON.stringify(header) });
}

describe("fromTorch", () => {
  it.each(sequels)("goes on as $library does: $file", (sequel) => {
    const rule = ruleOf(sequel);
    const saved = fromTorch(bytesOf(sequel.file, sequel.library), rule);
    const made = goOn(rule, saved, sequel.exportedAfter, sequel.steps);
    expect(deviation(sequel.trajectory, made, run)).toBeLessThanOrEqual(
      sequel.dtype === "float64" ? 1e-12 : 1e-5,
    );
  });

  it("counts each parameter's own updates", () => {
    const bytes = altered("adamw.safetensors", (_, tensors) => {
      tensors["state/b/step"] = tensor(Float64Array.of(5), []);
      for (const slot of ["step", "exp_avg", "exp_avg_sq"]) delete tensors[`state/s/${slot}`];
    });
    const saved = fromTorch(bytes, adamw());
    expect(saved.t).toBe(20);
    expect(saved.missed).toEqual({ b: 15, s: 20, w: 0 });
    expect(saved.state["state.m"]!.s!.data).toEqual(Float64Array.of(0));
  });

  it("transposes what it is told to, state and all", () => {
    const sequel = sequels.find(({ file }) => file === "rmsprop.safetensors")!;
    const rule = ruleOf(sequel);
    const turned = fromTorch(bytesOf(sequel.file), rule, { transpose: "w" });
    const plain = fromTorch(bytesOf(sequel.file), rule);
    for (const [there, here] of [
      [plain.parameters.w!, turned.parameters.w!],
      [plain.state["state.a"]!.w!, turned.state["state.a"]!.w!],
    ] as const) {
      expect(here.shape).toEqual([4, 3]);
      for (let i = 0; i < 3; i++)
        for (let j = 0; j < 4; j++) expect(here.data[j * 3 + i]).toBe(there.data[i * 4 + j]);
    }
    expect(turned.parameters.b).toEqual(plain.parameters.b);
    expect(toTorch(turned, rule, { transpose: ({ shape }) => shape.length === 2 })).toEqual(
      toTorch(plain, rule),
    );
  });

  it.each<[string, () => unknown, string]>([
    [
      "another optimizer",
      () => fromTorch(bytesOf("adamw.safetensors"), adam()),
      "the state of AdamW, and adam is PyTorch's Adam",
    ],
    [
      "another option",
      () => fromTorch(bytesOf("adam-amsgrad.safetensors"), adam()),
      "Adam has amsgrad: true, and the rule has amsgrad: false",
    ],
    [
      "a rule that PyTorch lacks",
      () => fromTorch(bytesOf("adamw.safetensors"), chain(clipByGlobalNorm(1), adamw())),
      "without transforms, wrappers and groups",
    ],
    [
      "another convention",
      () => fromTorch(bytesOf("adam-amsgrad.safetensors"), adam({ amsgrad: true, compat: "keras" })),
      'adam has compat "keras"',
    ],
    [
      "a file of something else",
      () =>
        fromTorch(
          altered("adamw.safetensors", () => {}, "format"),
          adamw(),
        ),
      "it has format",
    ],
    ["no safetensors file", () => fromTorch(new Uint8Array(4), adamw()), "is cut off"],
    [
      "a version to come",
      () =>
        fromTorch(
          altered("adamw.safetensors", (header) => Object.assign(header, { version: 2 })),
          adamw(),
        ),
      "is of version 2; expected version 1",
    ],
    [
      "a maximization",
      () =>
        fromTorch(
          altered("adamw.safetensors", ({ groups }) => Object.assign(groups[0], { maximize: true })),
          adamw(),
        ),
      "AdamW has maximize: true, which this rule cannot do",
    ],
    [
      "a slot that is missing",
      () =>
        fromTorch(
          altered("adamw.safetensors", (_, tensors) => delete tensors["state/b/exp_avg"]),
          adamw(),
        ),
      'no exp_avg of "b"',
    ],
    [
      "a buffer that is missing",
      () =>
        fromTorch(
          altered("rmsprop.safetensors", (_, tensors) => delete tensors["state/b/momentum_buffer"]),
          rmsprop({ centered: true, momentum: 0.9 }),
        ),
      "was momentum 0 in Python?",
    ],
    [
      "a slot that is unknown",
      () =>
        fromTorch(
          altered("adamw.safetensors", (_, tensors) => {
            tensors["state/b/sum"] = tensors["state/b/exp_avg"];
          }),
          adamw(),
        ),
      'the file has sum of "b"',
    ],
    [
      "state of another shape",
      () =>
        fromTorch(
          altered("adamw.safetensors", (_, tensors) => {
            tensors["state/b/exp_avg"] = tensors["state/w/exp_avg"];
          }),
          adamw(),
        ),
      'exp_avg of "b" has shape [3, 4], expected [4]',
    ],
    [
      "state of an unknown parameter",
      () =>
        fromTorch(
          altered("adamw.safetensors", (_, tensors) => {
            tensors["state/c/exp_avg"] = tensors["state/w/exp_avg"];
          }),
          adamw(),
        ),
      'a parameter "c"; it has b, s, w',
    ],
    [
      "a transposed vector",
      () => fromTorch(bytesOf("adamw.safetensors"), adamw(), { transpose: "*" }),
      "is no matrix",
    ],
    [
      "a pattern that fits nothing",
      () => fromTorch(bytesOf("adamw.safetensors"), adamw(), { transpose: "v" }),
      "matches no parameter",
    ],
  ])("refuses %s", (_, read, message) => {
    expect(read).toThrow(message);
  });

  it("leaves it to the stepper to refuse another model", () => {
    const stepper = bind(adamw(), {
      w: tensor(new Float64Array(12), [4, 3]),
      b: new Float64Array(4),
      s: tensor(new Float64Array(1), []),
    });
    expect(() => stepper.load(fromTorch(bytesOf("adamw.safetensors"), adamw()))).toThrow(
      "Was it saved for another model?",
    );
  });
});

describe("toTorch", () => {
  it.each(sequels)("writes what fromTorch read: $file of $library", (sequel) => {
    const bytes = bytesOf(sequel.file, sequel.library);
    const rule = ruleOf(sequel);
    const written = toTorch(fromTorch(bytes, rule), rule);
    expect(decodeSafetensors(written).tensors).toEqual(decodeSafetensors(bytes).tensors);
    // A group of PyTorch's class has fewer of the fields that say how to compute.
    const {
      groups: [{ params, ...fields }],
      ...header
    } = headerOf(bytes);
    const {
      groups: [{ params: names, ...ours }],
      ...ourHeader
    } = headerOf(written);
    expect(ourHeader).toEqual(header);
    expect(ours).toMatchObject(fields);
    expect([...names].sort()).toEqual([...params].sort());
  });

  it("gives the hyper-parameters of the next update", () => {
    const rule = sgd({ learningRate: (step) => 1 / (1 + step) });
    const stepper = bind(rule, { w: new Float64Array(2) });
    stepper.step();
    stepper.step();
    expect(headerOf(toTorch(stepper.save(), rule)).groups[0].lr).toBe(1 / 3);
    stepper.hyper.learningRate = 0.25;
    expect(headerOf(toTorch(stepper.save(), rule)).groups[0].lr).toBe(0.25);
  });

  it("keeps a scalar of each parameter, and float32", () => {
    const rule = nadam();
    const stepper = bind(rule, { w: new Float32Array(2) });
    stepper.gradients.w.fill(1);
    stepper.step();
    const saved = stepper.save();
    const again = fromTorch(toTorch(saved, rule), rule);
    expect(again.host["product.w"]).toBe(Math.fround(saved.host["product.w"]!));
    expect({ ...again, host: saved.host, missed: {} }).toEqual(saved);
  });

  it("refuses state of another optimizer, and a rule that PyTorch lacks", () => {
    const saved = bind(gradientDescent(), { w: new Float64Array(2) }).save();
    expect(() => toTorch(saved, adam())).toThrow('the saved state is of optimizer "gradient-descent"');
    expect(() => toTorch(saved, gradientDescent())).toThrow("The rules are sgd, adam, adamw");
  });
});
