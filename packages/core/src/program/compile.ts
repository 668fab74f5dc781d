import { sizeOf } from "../expr/shape.js";
import { allocate } from "./allocate.js";
import { assemble } from "./assemble.js";
import { checkProgram } from "./check-program.js";
import { dataflow } from "./dataflow.js";
import { lower } from "./lower.js";
import { chainTotals, mergeNeighbours } from "./merge.js";
import { placeValues } from "./places.js";
import type { Plan } from "./plan.js";
import type { DType, Layout, Program } from "./program.js";
import { schedule } from "./schedule.js";

/** From expressions to steps: what every engine starts from. Each pass is a file of that name. */
export function compileProgram(program: Program, layout: Layout, dtype: DType): Plan {
  checkProgram(program, layout);
  const flow = dataflow(lower(program), program.hostScalars);
  const tasks = schedule(flow);
  const places = placeValues(flow, tasks, layout);
  const arenas = Object.entries(layout).map(([name, slots]) => ({
    kind: "arena" as const,
    name,
    size: Object.values(slots).reduce((sum, shape) => sum + sizeOf(shape), 0),
  }));
  const dataBuffer = arenas.length;
  const { steps, scalars, data } = assemble(flow, tasks, places, layout, dataBuffer);
  const merged = chainTotals(mergeNeighbours(steps));
  const { steps: allocated, size } = allocate(merged, dataBuffer + 1);
  return {
    dtype,
    buffers: [...arenas, { kind: "data", values: data }, { kind: "scratch", size }],
    host: flow.host,
    scalars,
    steps: allocated,
  };
}
