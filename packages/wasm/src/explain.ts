import type { DType, Layout, Program } from "@downhill/core";
import { accessesOf, compileProgram, type Plan, type Step } from "@downhill/core/engine";
import { emitProgram } from "./emit/program.js";
import { aligned, Target } from "./emit/target.js";

/** What a program becomes. */
export interface Explanation {
  readonly moduleBytes: number;
  /** In the order in which they run. */
  readonly kernels: readonly KernelExplanation[];
}

export interface KernelExplanation {
  readonly kind: Step["kind"];
  /** Lengths of its loops: of a product m, n and k. */
  readonly shape: string;
  /** Bytes of its operands and results, each counted once. */
  readonly bytesMoved: number;
}

/** Compiles a program without running it, and says what came out. */
export function explain(program: Program, layout: Layout, dtype: DType): Explanation {
  const plan = compileProgram(program, layout, dtype);
  return {
    moduleBytes: emitProgram(targetOf(plan)).length,
    kernels: plan.steps.map((step) => kernelOf(step, dtype)),
  };
}

/** A target with the plan's buffers one after another. */
function targetOf(plan: Plan): Target {
  const bytes = plan.dtype === "float32" ? 4 : 8;
  let end = 0;
  const take = (size: number) => {
    const address = end;
    end += aligned(size);
    return address;
  };
  const given = take(8 * plan.host.length);
  const host = take(8 * plan.host.length);
  const scalars = take(8 * plan.scalars);
  const buffers = plan.buffers.map((buffer) =>
    take(bytes * (buffer.kind === "data" ? buffer.values.length : buffer.size)),
  );
  return new Target(plan, { given, host, scalars, buffers, end }, { shared: false, relaxed: false });
}

function kernelOf(step: Step, dtype: DType): KernelExplanation {
  const bytes = dtype === "float32" ? 4 : 8;
  const moved = new Map<string, number>();
  for (const { access, lengths } of accessesOf(step)) {
    const count = lengths.reduce(
      (product, length, axis) => product * (access.strides[axis] === 0 ? 1 : length),
      1,
    );
    const key = `${access.buffer} ${access.offset}`;
    moved.set(key, Math.max(moved.get(key) ?? 0, count * bytes));
  }
  return {
    kind: step.kind,
    shape: shapeOf(step),
    bytesMoved: [...moved.values()].reduce((a, b) => a + b, 0),
  };
}

function shapeOf(step: Step): string {
  switch (step.kind) {
    case "loops": {
      const inner = step.segments.map((segment) => `[${segment.inner.join(", ")}]`).join(" ");
      return step.rows.length > 0 ? `${step.rows.join(" × ")} rows of ${inner}` : inner;
    }
    case "scalars":
      return `${step.body.length}`;
    case "matmul":
      return [...step.batch, step.m, step.n, step.k].join(" × ");
    case "gather":
    case "scatterAdd":
      return `${step.before} × ${step.count} of ${step.length} × ${step.after}`;
    case "fill":
      return `${step.count}`;
  }
}
