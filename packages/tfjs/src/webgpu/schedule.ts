import { type MatmulStep, mapAccesses, type Plan, type Step } from "@downhill/core/engine";
import { fillTask, gatherTask, scatterTask } from "./elementwise.js";
import { type Context, contextOf } from "./emit.js";
import { loopTasks } from "./loops.js";
import { Memory, rangesOf } from "./memory.js";
import { separateOperands } from "./products.js";
import { expandRows } from "./rows.js";
import { scalarTask } from "./scalars.js";
import { boundBy } from "./shader.js";
import { type Copy, stageExcess } from "./stage.js";
import { clash, type Range, type Task } from "./task.js";
import { Totals } from "./totals.js";

/** What a run does, one thing after another. */
export type Item =
  /** Tasks that do not wait for one another: one dispatch. */
  | { readonly kind: "dispatch"; readonly tasks: readonly Task[] }
  | { readonly kind: "product"; readonly step: MatmulStep }
  | { readonly kind: "copy"; readonly copy: Copy };

/** Tasks of one dispatch, so that its code does not grow without end. */
const MOST_TASKS = 16;

/** A plan for the device: its memory, and what a run does. At most `limit` buffers are bound at a time. */
export function schedule(plan: Plan, limit: number): { readonly memory: Memory; readonly items: Item[] } {
  const memory = new Memory(plan);
  const context = contextOf(plan, memory);
  const placed = plan.steps.map((given) => {
    const step = mapAccesses(given, (access) => memory.place(access));
    return step.kind === "loops" ? expandRows(step, memory) : step;
  });
  const steps = separateOperands(placed, memory);
  const totals = new Totals(steps, context);
  const list: { item: Task | Item; ranges: readonly Range[] }[] = [];
  const copy = (each: Copy) => {
    const [from, to] = [each.from, each.to].map(({ buffer, offset }, i) => ({
      buffer,
      begin: offset,
      end: offset + each.count,
      writes: i === 1,
    }));
    list.push({ item: { kind: "copy", copy: each }, ranges: [from!, to!] });
  };
  for (const given of steps) {
    const { before, step, after } = stageExcess(given, limit, memory);
    before.forEach(copy);
    if (step.kind === "matmul") list.push({ item: { kind: "product", step }, ranges: rangesOf(step) });
    else for (const task of tasksOf(step, context, totals)) list.push({ item: task, ranges: task.ranges });
    after.forEach(copy);
  }
  return { memory, items: batched(list, memory, limit) };
}

function tasksOf(step: Exclude<Step, MatmulStep>, context: Context, totals: Totals): Task[] {
  switch (step.kind) {
    case "loops":
      return loopTasks(step, context, totals);
    case "scalars":
      return [scalarTask(step, context)];
    case "gather":
      return [gatherTask(step, context)];
    case "scatterAdd": {
      const { before, length, after, out } = step;
      const fill = fillTask({ kind: "fill", value: 0, count: before * length * after, access: out }, context);
      return [fill, scatterTask(step, context)];
    }
    case "fill":
      return [fillTask(step, context)];
  }
}

/** Puts each task into the first dispatch that it need not wait for and that has room for its buffers. */
function batched(
  list: readonly { readonly item: Task | Item; readonly ranges: readonly Range[] }[],
  memory: Memory,
  limit: number,
): Item[] {
  const batches: { tasks: Task[] | undefined; item: Item | undefined; ranges: Range[] }[] = [];
  for (const { item, ranges } of list) {
    let at = batches.length;
    while (at > 0 && !clash(batches[at - 1]!.ranges, ranges)) at--;
    if ("kind" in item) {
      batches.push({ tasks: undefined, item, ranges: [...ranges] });
      continue;
    }
    if (item.groups === 0) continue;
    const room = batches
      .slice(at)
      .find(
        (batch) =>
          batch.tasks &&
          batch.tasks.length < MOST_TASKS &&
          (boundBy([...batch.tasks, item], memory)?.length ?? Infinity) <= limit,
      );
    if (room) {
      room.tasks!.push(item);
      room.ranges.push(...ranges);
    } else batches.push({ tasks: [item], item: undefined, ranges: [...ranges] });
  }
  return batches.map(({ tasks, item }) => item ?? { kind: "dispatch", tasks: tasks! });
}
