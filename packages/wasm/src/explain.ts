import type { DType, Layout, Program } from "@downhill/core";
import { accessesOf, compileProgram, type Step } from "@downhill/core/engine";
import { emitProgram } from "./emit/program.js";
import { Target } from "./emit/target.js";
import { foldFactors } from "./fold-factors.js";
import { checkOptions, settleOptions, type WasmOptions } from "./options.js";
import { placeProgram } from "./placement.js";
import { recomputeOneHot } from "./recompute.js";
import { GRAIN } from "./threads/parts.js";
import { splitPlan, splitStep } from "./threads/split-plan.js";

/** What a program becomes. */
export interface Explanation {
  readonly moduleBytes: number;
  /** Threads that run it here, with the options given: 1 if no kernel is large enough for several. */
  readonly threads: number;
  /** In the order in which they run. */
  readonly kernels: readonly KernelExplanation[];
}

export interface KernelExplanation {
  readonly kind: Step["kind"];
  /** Lengths of its loops: of a product m, n and k. */
  readonly shape: string;
  /** Bytes of its operands and results, each counted once. */
  readonly bytesMoved: number;
  /** Parts that threads share, whatever their number; 1 for what is not worth sharing. */
  readonly parts: number;
}

/** Compiles a program without running it, and says what came out. */
export function explain(
  program: Program,
  layout: Layout,
  dtype: DType,
  options: WasmOptions = {},
): Explanation {
  const { relaxed, threads } = settleOptions(checkOptions(options));
  const plan = recomputeOneHot(foldFactors(compileProgram(program, layout, dtype)));
  const kernels = plan.steps.map((step) => kernelOf(step, dtype));
  const split = splitPlan(plan);
  const place = placeProgram(split, program.hostScalars.length, 0, () => 0);
  const target = new Target(split, place, { shared: threads > 1, relaxed, firstJob: 1 });
  return {
    moduleBytes: emitProgram(target).length,
    threads: kernels.some(({ parts }) => parts > 1) ? threads : 1,
    kernels,
  };
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
    parts: splitStep(step, { partials: -1, own: -1, grain: GRAIN })?.job.parts ?? 1,
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
