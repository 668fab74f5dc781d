import type { HostValue, Instruction, Plan, ScalarStep, Step } from "../../program/plan.js";
import { literal, spell } from "./elementwise.js";
import { emitFill, emitGather, emitScatter } from "./emit-kernels.js";
import { type Context, emitLoops } from "./emit-loops.js";
import { emitMatmul } from "./emit-matmul.js";

/** A program as source text: the body of a function of the buffers `b`, the workspace and the mathematics. */
export interface Source {
  readonly text: string;
  /** Float64 numbers that reductions work on. */
  readonly workspace: number;
}

export function generate(plan: Plan): Source {
  let workspace = 0;
  let names = 0;
  const unique = (prefix: string) => `${prefix}${names++}`;
  const steps = plan.steps.map((step) => {
    let used = 0;
    const reserve = (count: number) => {
      used += count;
      workspace = Math.max(workspace, used);
      return used - count;
    };
    return `{\n${emitStep(step, { reserve, unique })}}\n`;
  });
  const scalars = Array.from({ length: plan.scalars }, (_, i) => `let s${i} = 0;\n`);
  const host = plan.host.map((value, i) => `const h${i} = ${hostText(value)};\n`);
  const text = `return function run(given) {\n${[...host, ...scalars, ...steps].join("")}};`;
  return { text, workspace };
}

function hostText(value: HostValue): string {
  if (value.op === "constant") return literal(value.value);
  if (value.op === "given") return `given[${value.index}]`;
  return spell(value.op, value.inputs.map((input) => `h${input}`));
}

function emitStep(step: Step, context: Context): string {
  switch (step.kind) {
    case "loops":
      return emitLoops(step, context);
    case "scalars":
      return emitScalars(step);
    case "matmul":
      return emitMatmul(step);
    case "gather":
      return emitGather(step);
    case "scatterAdd":
      return emitScatter(step);
    case "fill":
      return emitFill(step);
  }
}

function emitScalars({ body, stores }: ScalarStep): string {
  return [
    ...body.map(({ scalar, instruction }) => `s${scalar} = ${scalarText(instruction)};\n`),
    ...stores.map(({ scalar, access }) => `b${access.buffer}[${access.offset}] = s${scalar};\n`),
  ].join("");
}

function scalarText(instruction: Instruction): string {
  switch (instruction.op) {
    case "constant":
      return literal(instruction.value);
    case "host":
      return `h${instruction.index}`;
    case "scalar":
      return `s${instruction.index}`;
    case "load":
      return `b${instruction.access.buffer}[${instruction.access.offset}]`;
    case "index":
      return String(instruction.offset);
    case "uniform":
      return `uniform32(s${instruction.inputs[0]}, ${instruction.stream}, ${instruction.offset})`;
    case "reduce":
      throw new Error("A scalar has nothing to reduce.");
    default:
      return spell(instruction.op, instruction.inputs.map((input) => `s${input}`));
  }
}
