import { stridesOf } from "../expr/shape.js";
import type { Node, Operand } from "./dataflow.js";
import { type Group, isAligned, isLoopMap, type LoopTask, reducedAxes, type Task } from "./schedule.js";
import { domainOf, domainStrides, wholeView } from "./view.js";

/**
 * Makes row programs: loops that follow one another row by row become one loop over the rows, with a loop for each of
 * them inside. Softmax and its gradient, a normalisation, a regression's loss with its gradient then read each row once,
 * and what one row hands on stays in registers or in the cache.
 *
 * Loops that update memory in place stay apart: they are one kernel over all tensors.
 */
export function fuseRows(tasks: readonly Task[], updates: ReadonlySet<Node>): Task[] {
  let list = [...tasks];
  const isLoop = (task: Task): task is LoopTask =>
    task.kind === "loops" && !task.segments.some((group) => group.maps.some((node) => updates.has(node)));
  let before = dependencies(list);
  for (let again = true; again; ) {
    again = false;
    search: for (const later of list) {
      for (const earlier of before.get(later)!) {
        if (!isLoop(earlier) || !isLoop(later) || isBetween(before, earlier, later)) continue;
        const rows = sharedRows(earlier, later);
        if (rows === 0) continue;
        const fused: LoopTask = { kind: "loops", rows, segments: [...earlier.segments, ...later.segments] };
        before = withFused(before, earlier, later, fused);
        list = ordered(
          list.filter((task) => task !== earlier).map((task) => (task === later ? fused : task)),
          before,
        );
        again = true;
        break search;
      }
    }
  }
  return list.map((task) => (task.kind === "loops" ? joinGroups(task) : task));
}

/**
 * Groups of one domain become one pass over the row wherever what stands between them allows: each goes to the first that
 * all it needs comes before, but for what it takes from the very iteration.
 */
function joinGroups({ kind, rows, segments }: LoopTask): LoopTask {
  const joined: Group[] = [];
  const places = new Map<Node, number>();
  for (const group of segments) {
    const { domain, maps, reduces } = group;
    /** The first place where all that a group of this domain needs is there. */
    const first = Math.max(
      0,
      ...operandsOfGroup(group).map((operand) => {
        const place = places.get(operand.node);
        if (place === undefined) return 0;
        const inside = isLoopMap(operand.node) && isAligned(operand, domain);
        return inside && String(joined[place]!.domain) === String(domain) ? place : place + 1;
      }),
    );
    let at = first;
    while (at < joined.length && String(joined[at]!.domain) !== String(domain)) at++;
    const other = joined[at];
    joined[at] = other
      ? { domain, maps: [...other.maps, ...maps], reduces: [...other.reduces, ...reduces] }
      : group;
    for (const node of [...maps, ...reduces.map(({ node }) => node)]) places.set(node, at);
  }
  return { kind, rows, segments: joined };
}

/** What a task computes. A join is made by those who write its parts. */
function productsOf(task: Task): Node[] {
  if (task.kind === "kernel") return [task.node];
  if (task.kind === "scalars") return [task.node];
  return task.segments.flatMap((group) => [...group.maps, ...group.reduces.map(({ node }) => node)]);
}

function operandsOf(task: Task): readonly Operand[] {
  if (task.kind === "kernel") return task.node.operands;
  if (task.kind === "scalars") return task.node.kind === "map" ? task.node.operands : [wholeOf(task.node)];
  return task.segments.flatMap(operandsOfGroup);
}

const wholeOf = (node: Node): Operand => ({ node, view: wholeView(node.shape) });

function operandsOfGroup(group: Group): Operand[] {
  return [...group.maps.flatMap((node) => node.operands), ...group.reduces.map(({ operand }) => operand)];
}

type Dependencies = ReadonlyMap<Task, ReadonlySet<Task>>;

/** The tasks that each task needs the values of. A sum over several operands is made by several. */
function dependencies(tasks: readonly Task[]): Dependencies {
  const makers = new Map<Node, Task[]>();
  for (const task of tasks)
    for (const node of productsOf(task)) makers.set(node, [...(makers.get(node) ?? []), task]);
  const makersOf = (node: Node): Task[] =>
    node.kind === "join" ? node.operands.flatMap((part) => makersOf(part.node)) : (makers.get(node) ?? []);
  return new Map(
    tasks.map((task) => {
      const needed = new Set(operandsOf(task).flatMap(({ node }) => makersOf(node)));
      needed.delete(task);
      return [task, needed];
    }),
  );
}

/** The same where `fused` stands for both of the others. */
function withFused(before: Dependencies, earlier: Task, later: Task, fused: Task): Dependencies {
  const renamed = (tasks: ReadonlySet<Task>): ReadonlySet<Task> => {
    if (!tasks.has(earlier) && !tasks.has(later)) return tasks;
    return new Set([...tasks].map((task) => (task === earlier || task === later ? fused : task)));
  };
  const after = new Map([...before].map(([task, needed]) => [task, renamed(needed)]));
  const needed = new Set([...before.get(earlier)!, ...before.get(later)!]);
  needed.delete(earlier);
  after.delete(earlier);
  after.delete(later);
  return after.set(fused, needed);
}

/** Whether some other task needs `earlier` and is needed by `later`. */
function isBetween(before: Dependencies, earlier: Task, later: Task): boolean {
  const seen = new Set<Task>();
  const open = [...before.get(later)!].filter((task) => task !== earlier);
  for (let task = open.pop(); task; task = open.pop()) {
    if (task === earlier) return true;
    if (seen.has(task)) continue;
    seen.add(task);
    open.push(...before.get(task)!);
  }
  return false;
}

/** The tasks with each after what it needs, otherwise in the order given. */
function ordered(tasks: readonly Task[], before: Dependencies): Task[] {
  const order = new Set<Task>();
  const open = [...tasks].reverse();
  for (let task = open.at(-1); task; task = open.at(-1)) {
    const missing = [...before.get(task)!].filter((other) => !order.has(other));
    if (missing.length > 0) open.push(...missing);
    else order.add(open.pop()!);
  }
  return [...order];
}

/** The number of leading axes over which both can run in step: each row of `later` needs only the same of `earlier`. */
function sharedRows(earlier: LoopTask, later: LoopTask): number {
  const groups = [...earlier.segments, ...later.segments];
  const [first, ...rest] = groups.map((group) => group.domain);
  const limits = [earlier, later].map((task) => task.rows).filter((rows) => rows > 0);
  let rows = Math.min(first!.length, ...limits);
  for (const domain of rest) {
    let same = 0;
    while (same < rows && domain[same] === first![same]) same++;
    rows = same;
  }
  const makers = new Map<Node, Group>();
  for (const group of earlier.segments) {
    for (const node of group.maps) makers.set(node, group);
    for (const { node } of group.reduces) makers.set(node, group);
  }
  for (const operand of later.segments.flatMap(operandsOfGroup)) {
    const parts = operand.node.kind === "join" ? operand.node.operands : [];
    if (parts.some((part) => makers.has(part.node))) return 0;
    const maker = makers.get(operand.node);
    if (maker) while (rows > 0 && !isRowWise(operand, maker, rows)) rows--;
  }
  return rows;
}

/**
 * Whether a row of the reader needs of the value only the row of the same index: if a step along the rows is the same in
 * both, the rest of an index cannot lead out of its row, for the last row ends where the value does.
 */
function isRowWise({ node, view }: Operand, { reduces }: Group, rows: number): boolean {
  const reduced = reduces.find((reduce) => reduce.node === node);
  if (reduced && reducedAxes(node, reduced.operand).some((axis) => axis < rows)) return false;
  const strides = stridesOf(domainOf(node.shape));
  return domainStrides(view).every((stride, axis) => axis >= rows || stride === strides[axis]);
}
