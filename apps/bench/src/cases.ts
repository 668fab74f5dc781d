import type { RuleName, Spec } from "./spec.js";

export const parts = ["step", "train", "minimize", "linear", "matmul", "size", "tfjs"] as const;
export type Part = (typeof parts)[number];

export interface Case {
  readonly part: Part;
  readonly name: string;
  readonly spec: Spec;
  /** Largest difference allowed, relative to the largest number. */
  readonly tolerance: number;
}

const step = (name: string, sizes: readonly number[], classes: boolean, batch: number): Case => ({
  part: "train",
  name: `training step ${name}, batch ${batch}`,
  spec: { kind: "step", sizes, classes, batch },
  tolerance: 1e-3,
});

const update = (rule: RuleName, tensors: number, length: number): Case => ({
  part: "step",
  name: `${rule}, ${tensors * length} parameters in ${tensors} tensor${tensors > 1 ? "s" : ""}`,
  spec: { kind: "update", rule, tensors, length },
  tolerance: 1e-4,
});

const apply = (tensors: number, length: number): Case => ({
  part: "tfjs",
  name: `applyGradients, adam, ${tensors * length} parameters in ${tensors}`,
  spec: { kind: "apply", rule: "adam", tensors, length },
  tolerance: 1e-4,
});

const rules: readonly RuleName[] = ["adam", "adamw", "lion", "momentum"];

export const cases: readonly Case[] = [
  ...rules.map((rule) => update(rule, 1, 1 << 20)),
  ...rules.map((rule) => update(rule, 20, 50)),
  step("2-8-2", [2, 8, 2], true, 32),
  step("13-32-1", [13, 32, 1], false, 32),
  step("784-128-10", [784, 128, 10], true, 32),
  step("784-128-10", [784, 128, 10], true, 256),
  {
    part: "train",
    name: "784-128-10, batch 32: to full speed",
    spec: { kind: "compile", sizes: [784, 128, 10], classes: true, batch: 32 },
    tolerance: 0,
  },
  { part: "minimize", name: "Rosenbrock, one Adam step", spec: { kind: "descent" }, tolerance: 1e-6 },
  {
    part: "minimize",
    name: "Rosenbrock, compiled and 1000 Adam steps",
    spec: { kind: "minimize" },
    tolerance: 1e-6,
  },
  {
    part: "linear",
    name: "linear regression, 1 M × 16",
    spec: { kind: "linear", rows: 1 << 20, columns: 16 },
    tolerance: 1e-3,
  },
  {
    part: "linear",
    name: "softmax cross-entropy, 4096 × 1000",
    spec: { kind: "softmax", rows: 4096, classes: 1000 },
    tolerance: 1e-4,
  },
  {
    part: "matmul",
    name: "matrix product 1024³, float32",
    spec: { kind: "matmul", n: 1024, dtype: "float32" },
    tolerance: 1e-4,
  },
  {
    part: "matmul",
    name: "matrix product 1024³, float64",
    spec: { kind: "matmul", n: 1024, dtype: "float64" },
    tolerance: 1e-11,
  },
  ...[3, 4, 5, 6, 7].map((k) => ({ ...update("adam", 1, 10 ** k), part: "size" as const })),
  ...[apply(1, 1 << 20), apply(1, 1 << 10), apply(20, 50)],
  ...[3, 4, 5, 6].map(
    (k): Case => ({
      part: "size",
      name: `linear regression, 1e${k} × 16`,
      spec: { kind: "linear", rows: 10 ** k, columns: 16 },
      tolerance: 1e-3,
    }),
  ),
];
