import type { HostValue, Instruction, Plan, ScalarStep, Step } from "../../program/plan.js";
import { literal, spell } from "./elementwise.js";
import { emitFill, emitGather, emitScatter } from "./emit-kernels.js";
import { type Context, emitLoops } from "./emit-loops.js";
import { emitMatmul } from "./emit-matmul.js";
import { CELLS } from "./library.js";

/** A program as source text: the body of a function of the buffers `b0`, `b1`, …, the workspace `w` and the library. */
export interface Source {
  readonly text: string;
  /** Float64 numbers that reductions work on, and scalars where they cross functions. */
  readonly workspace: number;
}

/** From here on a program is several functions: V8 never optimizes one of more than 60 kB of bytecode. */
const LONG = 16_000;

/** The program's text; one longer than `long` is a function for each step. */
export function generate(plan: Plan, long = LONG): Source {
  const whole = generateAs(plan, false);
  return whole.text.length < long ? whole : generateAs(plan, true);
}

/** One function for all steps with scalars in its locals, or one for each step with scalars in the workspace. */
function generateAs(plan: Plan, split: boolean): Source {
  const registers = split ? plan.host.length + plan.scalars : 0;
  let workspace = CELLS + registers;
  let names = 0;
  const unique = (prefix: string) => `${prefix}${names++}`;
  const constants = new Map<number, string>();
  plan.host.forEach((value, i) => {
    if (value.op === "constant") constants.set(i, literal(value.value));
  });
  const host = (i: number) => constants.get(i) ?? (split ? `w[${CELLS + i}]` : `h${i}`);
  const scalar = (i: number) => (split ? `w[${CELLS + plan.host.length + i}]` : `s${i}`);
  const emit = (step: Step): string => {
    let used = CELLS + registers;
    const reserve = (count: number) => {
      used += count;
      workspace = Math.max(workspace, used);
      return used - count;
    };
    return emitStep(step, { reserve, unique, rounds: plan.dtype === "float32", host, scalar });
  };
  const set = split ? "" : "const ";
  const before = plan.host.flatMap((value, i) =>
    constants.has(i) ? [] : [`${set}${host(i)} = ${hostText(value, host)};\n`],
  );
  if (!split && plan.scalars > 0) {
    before.push(`let ${Array.from({ length: plan.scalars }, (_, i) => `${scalar(i)} = 0`).join(", ")};\n`);
  }
  if (!split) {
    const steps = plan.steps.map((step) => (step.kind === "scalars" ? emit(step) : `{\n${emit(step)}}\n`));
    return { text: `return function run(given) {\n${before.join("")}${steps.join("")}};`, workspace };
  }
  const functions = plan.steps.map((step, i) => `function step${i}() {\n${emit(step)}}\n`).join("");
  const calls = plan.steps.map((_, i) => `step${i}();\n`).join("");
  return { text: `${functions}return function run(given) {\n${before.join("")}${calls}};`, workspace };
}

function hostText(value: HostValue, host: (index: number) => string): string {
  if (value.op === "constant") return literal(value.value);
  if (value.op === "given") return `given[${value.index}]`;
  return spell(value.op, value.inputs.map(host));
}

function emitStep(step: Step, context: Context): string {
  switch (step.kind) {
    case "loops":
      return emitLoops(step, context);
    case "scalars":
      return emitScalars(step, context);
    case "matmul":
      return emitMatmul(step, context);
    case "gather":
      return emitGather(step);
    case "scatterAdd":
      return emitScatter(step);
    case "fill":
      return emitFill(step);
  }
}

function emitScalars({ body, stores }: ScalarStep, { host, scalar }: Context): string {
  const text = (instruction: Instruction): string => {
    switch (instruction.op) {
      case "constant":
        return literal(instruction.value);
      case "host":
        return host(instruction.index);
      case "scalar":
        return scalar(instruction.index);
      case "load":
        return `b${instruction.access.buffer}[${instruction.access.offset}]`;
      case "index":
        return String(instruction.offset);
      case "uniform":
        return `(w[0] = ${scalar(instruction.inputs[0])}, uniform32(${instruction.stream}, ${instruction.offset}), w[0])`;
      case "reduce":
        throw new Error("A scalar has nothing to reduce.");
      default:
        return spell(instruction.op, instruction.inputs.map(scalar));
    }
  };
  return [
    ...body.map((each) => `${scalar(each.scalar)} = ${text(each.instruction)};\n`),
    ...stores.map((store) => `b${store.access.buffer}[${store.access.offset}] = ${scalar(store.scalar)};\n`),
  ].join("");
}
