import { type Shape, sameShape } from "../expr/shape.js";
import type { Dataflow, Node, Operand } from "./dataflow.js";
import { slotKey } from "./program.js";
import { fuseRows } from "./rows.js";
import { domainOf, isWhole } from "./view.js";

/** What becomes one step. */
export type Task = ScalarTask | LoopTask | KernelTask;

/** A number in a register: computed, or reduced before and stored if some kernel reads it from memory. */
export interface ScalarTask {
  readonly kind: "scalars";
  readonly node: Node;
}

/** Loops over the first `rows` axes that all segments share; then each segment's own. */
export interface LoopTask {
  readonly kind: "loops";
  readonly rows: number;
  readonly segments: readonly Group[];
}

/** A matrix product, gather or scatter. */
export interface KernelTask {
  readonly kind: "kernel";
  readonly node: Node;
}

/** Values with one iteration domain, computed in one nest of loops. */
export interface Group {
  readonly domain: Shape;
  readonly maps: readonly Node[];
  readonly reduces: readonly { readonly node: Node; readonly operand: Operand }[];
}

/** An elementwise value that loops compute. */
export function isLoopMap(node: Node): boolean {
  return node.kind === "map" && !node.scalar;
}

/** Whether the operand is computed at the very index, in a loop over `domain`, at which it is used. */
export function isAligned({ node, view }: Operand, domain: Shape): boolean {
  return isWhole(view, node.shape) && sameShape(domainOf(node.shape), domain);
}

/** Whether `user` takes the operand from the iteration that computes it, if they share a kernel. */
function fuses(user: Node, operand: Operand): boolean {
  if (!isLoopMap(operand.node)) return false;
  if (user.kind === "join") return true;
  if (user.kind === "reduce") return isAligned(operand, domainOf(operand.view.shape));
  return isLoopMap(user) && isAligned(operand, domainOf(user.shape));
}

/**
 * Puts nodes into steps. A node's level is the number of kernels that must end before it can be computed: kernels of one
 * level do not depend on one another, so that grouping by level and domain never makes a circle.
 *
 * Levels are as early as possible, then, for elementwise values, as late as possible: what is computed beside its user
 * needs no memory. Updates of a slot in place come last, when every reader of the old value has run.
 */
export function schedule(flow: Dataflow): Task[] {
  const read = new Set(
    flow.nodes.flatMap(({ kind, attributes: { arena, name } }) =>
      kind === "leaf" ? [slotKey(arena as string, name as string)] : [],
    ),
  );
  const isUpdate = ({ slot }: { slot: { arena: string; name: string } }) =>
    read.has(slotKey(slot.arena, slot.name));
  const updates = new Set(flow.writes.filter(isUpdate).map(({ node }) => node));
  // A gradient is the best place to cut: computed early, it is one array between what made it and its update.
  const fixed = new Set([
    ...flow.writes.map(({ node }) => node),
    ...flow.nodes.filter((node) => node.placement),
  ]);

  let levels = earliest(flow.nodes, () => 0);
  const last = flow.nodes.reduce((top, node) => (node.scalar ? top : Math.max(top, levels.get(node)!)), 0);
  levels = earliest(flow.nodes, (node) => (updates.has(node) && isLoopMap(node) ? last : 0));
  latest(flow.nodes, levels, fixed);
  return fuseRows(tasksOf(flow, levels, updates), updates);
}

function earliest(nodes: readonly Node[], floor: (node: Node) => number): Map<Node, number> {
  const levels = new Map<Node, number>();
  for (const node of nodes) {
    let level = floor(node);
    for (const operand of node.operands) {
      const from = operand.node;
      const stored =
        from.operands.length > 0 && !fuses(node, operand) && !(from.scalar && from.kind === "map");
      level = Math.max(level, levels.get(from)! + (stored ? 1 : 0));
    }
    levels.set(node, level);
  }
  return levels;
}

function latest(nodes: readonly Node[], levels: Map<Node, number>, fixed: ReadonlySet<Node>): void {
  const limit = new Map<Node, number>();
  for (const node of [...nodes].reverse()) {
    if (isLoopMap(node) && !fixed.has(node)) levels.set(node, limit.get(node)!);
    for (const operand of node.operands) {
      const level = levels.get(node)! - (fuses(node, operand) ? 0 : 1);
      limit.set(operand.node, Math.min(level, limit.get(operand.node) ?? level));
    }
  }
}

function tasksOf(flow: Dataflow, levels: ReadonlyMap<Node, number>, updates: ReadonlySet<Node>): Task[] {
  const tasks: Task[] = [];
  const depth = flow.nodes.reduce((deepest, node) => Math.max(deepest, levels.get(node)!), 0) + 1;
  const byLevel = Array.from({ length: depth + 1 }, () => ({ scalars: [] as Node[], here: [] as Node[] }));
  for (const node of flow.nodes) {
    const level = levels.get(node)!;
    byLevel[level]!.here.push(node);
    if (node.scalar) byLevel[node.kind === "map" ? level : level + 1]!.scalars.push(node);
  }
  for (const { scalars, here } of byLevel) {
    for (const node of scalars) tasks.push({ kind: "scalars", node });
    for (const node of here) {
      if (["matmul", "gather", "scatterAdd"].includes(node.kind)) tasks.push({ kind: "kernel", node });
    }
    const groups = groupsOf(here);
    const isLast = (group: Group) => group.maps.some((node) => updates.has(node));
    for (const group of [...groups.filter((group) => !isLast(group)), ...groups.filter(isLast)]) {
      tasks.push({ kind: "loops", rows: 0, segments: [group] });
    }
  }
  return tasks;
}

/** Values of one level and domain that share operands: what does not would only make kernels that differ. */
function groupsOf(nodes: readonly Node[]): Group[] {
  const here = new Set(nodes);
  const parents = new Map<unknown, unknown>();
  /** The root of a key's tree. Each key on the way is hung on its grandparent, so that long chains stay shallow. */
  const find = (key: unknown): unknown => {
    let at = key;
    for (let parent = parents.get(at); parent !== undefined; parent = parents.get(at)) {
      const above = parents.get(parent);
      if (above === undefined) return parent;
      parents.set(at, above);
      at = above;
    }
    return at;
  };
  const members: { key: unknown; domain: Shape; node: Node; operand?: Operand }[] = [];
  const join = (key: unknown, domain: Shape, operand: Operand) => {
    if (["constant", "host", "index"].includes(operand.node.kind)) return;
    if (operand.node.scalar && !(domain.length === 0 && operand.node.placement)) return;
    // Readers of one value over different domains stay apart.
    const shared =
      isLoopMap(operand.node) && here.has(operand.node) ? operand.node : `${operand.node.id}:${domain}`;
    const [from, to] = [find(shared), find(key)];
    if (from !== to) parents.set(from, to);
  };
  for (const node of nodes) {
    if (isLoopMap(node)) {
      const domain = domainOf(node.shape);
      members.push({ key: node, domain, node });
      for (const operand of node.operands) join(node, domain, operand);
    } else if (node.kind === "reduce") {
      for (const operand of node.operands) {
        const domain = domainOf(operand.view.shape);
        members.push({ key: operand, domain, node, operand });
        join(operand, domain, operand);
      }
    }
  }
  const groups = new Map<
    unknown,
    { domain: Shape; maps: Node[]; reduces: { node: Node; operand: Operand }[] }
  >();
  for (const { key, domain, node, operand } of members) {
    const root = find(key);
    const group = groups.get(root) ?? { domain, maps: [], reduces: [] };
    groups.set(root, group);
    if (operand) group.reduces.push({ node, operand });
    else group.maps.push(node);
  }
  return [...groups.values()];
}

/** The loop's axes that a reduction takes; several operands are summed over everything. */
export function reducedAxes(node: Node, { view }: Operand): number[] {
  const axes = (node.attributes.axes as readonly number[] | undefined) ?? view.shape.map((_, axis) => axis);
  const long = view.shape.map((_, axis) => axis).filter((axis) => view.shape[axis] !== 1);
  return long.flatMap((axis, i) => (axes.includes(axis) ? [i] : []));
}
