import { type Shape, sizeOf } from "../expr/shape.js";
import { compileProgram } from "./compile.js";
import { type Access, accessesOf, type Instruction, type LoopStep, type Plan, type Step } from "./plan.js";
import type { DType, Layout, Program } from "./program.js";

/** What a program costs: its kernels, the memory they move, the arithmetic they do. Bytes and counts are per run. */
export interface Explanation {
  readonly dtype: DType;
  readonly kernels: readonly KernelExplanation[];
  readonly buffers: readonly { readonly name: string; readonly bytes: number }[];
  /** Values that the host computes in float64 before the kernels. */
  readonly hostValues: number;
  /** Numbers that stay on the device between kernels. */
  readonly deviceScalars: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly flops: number;
}

export interface KernelExplanation {
  readonly kind: "elementwise" | "reduction" | "rows" | "matmul" | "gather" | "scatterAdd" | "fill";
  /** Lengths of its loops: rows, then those inside; of a matrix product batch, m, n and k. */
  readonly shape: string;
  /** Distinct elements touched, in bytes: what must pass through memory if nothing is in a cache. */
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** Elementwise operations and additions, a transcendental function counting as one. */
  readonly flops: number;
  /** Names of the buffers read and written. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/** What running `program` on memory of `layout` costs. Scalars between kernels cost nothing worth counting. */
export function explain(program: Program, layout: Layout, dtype: DType = "float32"): Explanation {
  return explainPlan(compileProgram(program, layout, dtype));
}

/** The same for a plan that an engine has at hand. */
export function explainPlan(plan: Plan): Explanation {
  const width = plan.dtype === "float32" ? 4 : 8;
  const names = plan.buffers.map((buffer) => (buffer.kind === "arena" ? buffer.name : buffer.kind));
  const kernels = plan.steps.flatMap((step) => {
    const kernel = explainStep(step, width, names);
    return kernel ? [kernel] : [];
  });
  const total = (pick: (kernel: KernelExplanation) => number) =>
    kernels.reduce((sum, kernel) => sum + pick(kernel), 0);
  return {
    dtype: plan.dtype,
    kernels,
    buffers: plan.buffers.flatMap((buffer, i) => {
      const bytes = width * (buffer.kind === "data" ? buffer.values.length : buffer.size);
      return bytes > 0 ? [{ name: names[i]!, bytes }] : [];
    }),
    hostValues: plan.host.length,
    deviceScalars: plan.scalars,
    bytesRead: total((kernel) => kernel.bytesRead),
    bytesWritten: total((kernel) => kernel.bytesWritten),
    flops: total((kernel) => kernel.flops),
  };
}

function explainStep(step: Step, width: number, names: readonly string[]): KernelExplanation | undefined {
  if (step.kind === "scalars") return undefined;
  const touched = { reads: new Map<string, [string, number]>(), writes: new Map<string, [string, number]>() };
  for (const { access, lengths, writes } of accessesOf(step)) {
    const sizes = lengths.map((length, axis) => (access.strides[axis] === 0 ? 1 : length));
    const name = names[access.buffer]!;
    touched[writes ? "writes" : "reads"].set(keyOf(access, sizes), [name, sizeOf(sizes)]);
  }
  const bytes = (list: Map<string, [string, number]>) =>
    width * [...list.values()].reduce((sum, [, count]) => sum + count, 0);
  const buffers = (list: Map<string, [string, number]>) => [
    ...new Set([...list.values()].map(([name]) => name)),
  ];
  return {
    ...describe(step),
    bytesRead: bytes(touched.reads),
    bytesWritten: bytes(touched.writes),
    reads: buffers(touched.reads),
    writes: buffers(touched.writes),
  };
}

/** The same for accesses to the same elements, however many loops lie around them. */
function keyOf({ buffer, offset, strides }: Access, sizes: Shape): string {
  const axes = sizes.flatMap((size, axis) => (size === 1 ? [] : [`${size}x${strides[axis]}`]));
  return `${buffer}+${offset}:${axes}`;
}

function describe(
  step: Exclude<Step, { kind: "scalars" }>,
): Pick<KernelExplanation, "kind" | "shape" | "flops"> {
  switch (step.kind) {
    case "loops": {
      const inner = step.segments.map((segment) => `[${segment.inner}]`).join(" ");
      const rows = step.segments.length > 1;
      const reduces = step.segments.some(({ body }) =>
        body.some((instruction) => instruction.op === "reduce"),
      );
      const kind = rows ? "rows" : reduces ? "reduction" : "elementwise";
      return { kind, shape: rows ? `[${step.rows}] × ${inner}` : inner, flops: flopsOf(step) };
    }
    case "matmul": {
      const { batch, m, n, k } = step;
      return {
        kind: "matmul",
        shape: `[${[...batch, m, k]}]·[${[...batch, k, n]}]`,
        flops: 2 * sizeOf(batch) * m * n * k,
      };
    }
    case "gather":
    case "scatterAdd": {
      const { kind, before, count, after } = step;
      return {
        kind,
        shape: `[${before},${count},${after}]`,
        flops: kind === "gather" ? 0 : before * count * after,
      };
    }
    case "fill":
      return { kind: "fill", shape: `[${step.count}]`, flops: 0 };
  }
}

/** Each instruction runs once for each index that it depends on. */
function flopsOf({ rows, segments }: LoopStep): number {
  let flops = 0;
  const axesOf: ReadonlySet<number>[] = [];
  for (const { inner, body } of segments) {
    const lengths = [...rows, ...inner];
    const times = (axes: Iterable<number>) => sizeOf([...axes].map((axis) => lengths[axis]!));
    for (const instruction of body) {
      const inputs = "inputs" in instruction ? (instruction.inputs as readonly number[]) : [];
      const axes = new Set(inputs.flatMap((input) => [...axesOf[input]!]));
      stridesOf(instruction).forEach((stride, axis) => {
        if (stride !== 0) axes.add(axis);
      });
      if (instruction.op === "load" && instruction.access.perRow) rows.forEach((_, axis) => axes.add(axis));
      if (instruction.op === "reduce") for (const axis of instruction.axes) axes.add(axis);
      if (inputs.length > 0) flops += times(axes);
      if (instruction.op === "reduce") for (const axis of instruction.axes) axes.delete(axis);
      axesOf.push(axes);
    }
  }
  return flops;
}

function stridesOf(instruction: Instruction): readonly number[] {
  if (instruction.op === "load") return instruction.access.strides;
  return instruction.op === "index" || instruction.op === "uniform" ? instruction.strides : [];
}
