import { sizeOf } from "../expr/shape.js";
import type { Dataflow, Node, Operand, Slot } from "./dataflow.js";
import { type Layout, slotKey } from "./program.js";
import { type Group, isAligned, isLoopMap, type Task } from "./schedule.js";

/** Where a value begins. Buffers below 0 are scratch that `allocate` has not laid out yet. */
export interface Place {
  readonly buffer: number;
  readonly offset: number;
}

export interface Places {
  /** Where the value is read, if it is in memory at all. */
  readonly home: ReadonlyMap<Node, Place>;
  /** All places it is written to when it is computed. */
  readonly targets: ReadonlyMap<Node, readonly Place[]>;
  /** Slots of scalars, written at the end, when every reader of the old value has run. */
  readonly scalarSlots: readonly { readonly node: Node; readonly place: Place }[];
  /** Copies that follow all else: slots whose old value is still read when the new one is there. */
  readonly copies: readonly { readonly from: Place; readonly to: Place; readonly size: number }[];
}

/** One reading of an operand, by a step and, if that has loops, in one of its groups. */
export interface Use {
  readonly task: number;
  readonly by: Task["kind"];
  readonly group?: Group;
  readonly operand: Operand;
}

/** Whether the operand comes from a register or from the same iteration instead of memory. */
export function isLocal({ by, group, operand }: Use): boolean {
  // A single element that is updated like the tensors beside it reads its gradient as they do.
  if (operand.node.scalar) return by !== "kernel" && !(group?.domain.length === 0 && operand.node.placement);
  return group?.maps.includes(operand.node) === true && isAligned(operand, group.domain);
}

/** Decides for each value whether it has memory, and where. One decision per value, for all of its readers. */
export function placeValues(flow: Dataflow, tasks: readonly Task[], layout: Layout): Places {
  const slots = slotPlaces(layout);
  const uses = usesOf(tasks);
  const producers = new Map<Node, { task: number; group?: Group }>();
  tasks.forEach((task, at) => {
    if (task.kind === "kernel") producers.set(task.node, { task: at });
    if (task.kind === "scalars") for (const node of task.nodes) producers.set(node, { task: at });
    if (task.kind !== "loops") return;
    for (const group of task.segments) {
      for (const node of [...group.maps, ...group.reduces.map(({ node }) => node)]) {
        producers.set(node, { task: at, group });
      }
    }
  });

  const readers = new Map<string, Use[]>();
  const inMemory = new Set<Node>();
  for (const use of uses) {
    const { node } = use.operand;
    if (node.kind === "leaf") {
      const key = slotKey(node.attributes.arena as string, node.attributes.name as string);
      readers.set(key, [...(readers.get(key) ?? []), use]);
    } else if (!isLocal(use)) inMemory.add(node);
  }

  /** Whether a slot may get its new value when that is computed: later readers, or other places, want the old one. */
  const mayOverwrite = (slot: Slot, node: Node) =>
    (readers.get(slotKey(slot.arena, slot.name)) ?? []).every(({ task, group, operand }) => {
      const producer = producers.get(node)!;
      if (task !== producer.task) return task < producer.task;
      return group !== undefined && group === producer.group && isLoopMap(node) && isAligned(operand, group.domain);
    });

  const home = new Map<Node, Place>();
  const targets = new Map<Node, Place[]>();
  const scalarSlots: { node: Node; place: Place }[] = [];
  const copies: { from: Place; to: Place; size: number }[] = [];
  const written = new Map(flow.writes.map((write) => [slotKey(write.slot.arena, write.slot.name), write]));
  const deferred: { node: Node; place: Place }[] = [];
  const taken = new Set<string>();
  let scratch = 0;

  for (const { slot, node } of written.values()) {
    const place = slots.get(slotKey(slot.arena, slot.name))!;
    if (node.scalar) scalarSlots.push({ node, place });
    else if (node.kind !== "join" && mayOverwrite(slot, node)) {
      if (!home.has(node)) home.set(node, place);
      targets.set(node, [...(targets.get(node) ?? []), place]);
    } else {
      inMemory.add(node);
      deferred.push({ node, place });
    }
  }
  for (const node of inMemory) {
    if (home.has(node) || node.operands.length === 0) continue;
    const slot = node.placement;
    const key = slot && slotKey(slot.arena, slot.name);
    const free = key && slots.has(key) && !readers.has(key) && !written.has(key) && !taken.has(key);
    if (free) taken.add(key);
    const place = free ? slots.get(key)! : { buffer: -++scratch, offset: 0 };
    home.set(node, place);
    targets.set(node, [...(targets.get(node) ?? []), place]);
  }
  for (const { node, place } of deferred) {
    copies.push({ from: home.get(node)!, to: place, size: sizeOf(node.shape) });
  }
  return { home, targets, scalarSlots, copies };
}

/** The beginning of each slot; an arena's buffer is its place in the layout. */
export function slotPlaces(layout: Layout): Map<string, Place> {
  const places = new Map<string, Place>();
  Object.entries(layout).forEach(([arena, slots], buffer) => {
    let offset = 0;
    for (const [name, shape] of Object.entries(slots)) {
      places.set(slotKey(arena, name), { buffer, offset });
      offset += sizeOf(shape);
    }
  });
  return places;
}

function usesOf(tasks: readonly Task[]): Use[] {
  return tasks.flatMap((task, at): Use[] => {
    const use = (operand: Operand, group?: Group): Use => ({ task: at, by: task.kind, operand, ...(group && { group }) });
    if (task.kind === "kernel") return task.node.operands.map((operand) => use(operand));
    if (task.kind === "scalars") {
      const maps = task.nodes.filter((node) => node.kind === "map");
      return maps.flatMap((node) => node.operands.map((operand) => use(operand)));
    }
    return task.segments.flatMap((group) => [
      ...group.maps.flatMap((node) => node.operands.map((operand) => use(operand, group))),
      ...group.reduces.map(({ operand }) => use(operand, group)),
    ]);
  });
}
