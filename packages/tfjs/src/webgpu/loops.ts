import { sizeOf } from "@downhill/core";
import type { Access, LoopStep } from "@downhill/core/engine";
import { elementwiseTask } from "./elementwise.js";
import type { Context } from "./emit.js";
import { type Nest, type Reduce, reductionOf, storedReduction, stridesOf } from "./nest.js";
import { type Destination, groupsFor, reductionTask } from "./reductions.js";
import { rowProgram, usesRowValues } from "./row-program.js";
import type { Task } from "./task.js";
import type { Totals } from "./totals.js";

/** What a step's loops become: a kernel for what each element needs, one or two for each way to reduce. */
export function loopTasks(step: LoopStep, context: Context, totals: Totals): Task[] {
  if (usesRowValues(step)) {
    const { task, rest } = rowProgram(step, context);
    return [task, ...rest.flatMap((nest) => nestTasks(nest, context, totals))];
  }
  let first = 0;
  return step.segments.flatMap((segment) => {
    const nest = { ...segment, lengths: [...step.rows, ...segment.inner], first };
    first += segment.body.length;
    return nestTasks(nest, context, totals);
  });
}

function nestTasks(nest: Nest, context: Context, totals: Totals): Task[] {
  const ways = new Map<string, { axes: readonly number[]; values: Set<number> }>();
  for (const { value } of [
    ...nest.stores.filter((store) => reductionOf(nest, store.value)),
    ...nest.totals,
  ]) {
    const { axes } = nest.body[value - nest.first] as Reduce;
    const way = ways.get(String(axes)) ?? { axes, values: new Set<number>() };
    ways.set(String(axes), way);
    way.values.add(value);
  }
  // Reductions first: they read what the elements' own stores may overwrite.
  const tasks = [...ways.values()].flatMap(({ axes, values }) =>
    reductionTasks(nest, axes, values, context, totals),
  );
  const elements = nest.stores.some(({ value }) => !reductionOf(nest, value));
  return elements && sizeOf(nest.lengths) > 0 ? [...tasks, elementwiseTask(nest, context)] : tasks;
}

/** Reduces values that lose the same axes; where several groups share a result, in two stages. */
function reductionTasks(
  nest: Nest,
  axes: readonly number[],
  values: ReadonlySet<number>,
  context: Context,
  totals: Totals,
): Task[] {
  const { memory } = context;
  const keptAxes = nest.lengths.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const keptLengths = keptAxes.map((axis) => nest.lengths[axis]!);
  const count = sizeOf(axes.map((axis) => nest.lengths[axis]!));
  if (sizeOf(keptLengths) === 0) return [];
  const kept = (access: Access) => keptAxes.map((axis) => access.strides[axis]!);
  const groups = groupsFor(sizeOf(keptLengths), count);

  const first: Destination[] = [];
  const second: Task[] = [];
  for (const { value, scalar } of nest.totals.filter((total) => values.has(total.value))) {
    const { access, after } = totals.place(scalar, count);
    first.push({ value, access: { ...access, strides: [...keptLengths.map(() => 0), ...access.strides] } });
    second.push(...after);
  }
  for (const value of values) {
    const stores = nest.stores.filter((store) => store.value === value);
    if (stores.length === 0) continue;
    if (groups <= 1) {
      for (const { access } of stores) {
        first.push({ value, access: { ...access, strides: [...kept(access), 0] } });
      }
      continue;
    }
    const lengths = [...keptLengths, groups];
    const offset = memory.take(sizeOf(lengths));
    const parts = { buffer: memory.workspace, offset, strides: stridesOf(lengths) };
    first.push({ value, access: parts });
    const { by } = nest.body[value - nest.first] as Reduce;
    const rest = storedReduction(lengths, parts, by, [keptLengths.length]);
    const destinations = stores.map(({ access }) => ({
      value: 1,
      access: { ...access, strides: [...kept(access), 0] },
    }));
    second.push(reductionTask(rest, [keptLengths.length], destinations, context));
  }
  return [reductionTask(nest, axes, first, context), ...second];
}
