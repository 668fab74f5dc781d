import {
  costlyPrimitives,
  type Instruction,
  type LoopStep,
  type MatmulStep,
  type Segment,
} from "@downhill/core/engine";

/** An addition being 1. */
const COST_OF_CALL = 8;
const CALLS: ReadonlySet<string> = new Set(costlyPrimitives);

/** What a step costs: operations, loads and stores of all iterations, or a product's multiplications. */
export function costOf(step: LoopStep | MatmulStep): number {
  if (step.kind === "matmul") return sizeOf([...step.batch, step.m, step.n, step.k]);
  const costs = step.segments.map((each) => costOfOne(each) * sizeOf([...step.rows, ...each.inner]));
  return costs.reduce((a, b) => a + b, 0);
}

/** What one iteration of a segment costs. */
export function costOfOne({ body, stores }: Segment): number {
  return body.reduce((sum, { op }) => sum + costOfOp(op), stores.length);
}

function costOfOp(op: Instruction["op"]): number {
  if (op === "constant" || op === "host" || op === "scalar") return 0;
  return CALLS.has(op) ? COST_OF_CALL : 1;
}

export const sizeOf = (lengths: readonly number[]): number =>
  lengths.reduce((product, length) => product * length, 1);
