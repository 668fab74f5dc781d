import { sizeOf } from "../expr/shape.js";
import type { Dataflow, Node, Operand, Slot } from "./dataflow.js";
import { type Layout, slotKey } from "./program.js";
import { type Group, isAligned, isLoopMap, type LoopTask, type Task } from "./schedule.js";
import { domainOf } from "./view.js";

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
  /** Values that no other row needs: their place holds one row, the same for all. The number of row axes. */
  readonly perRow: ReadonlyMap<Node, number>;
  /** Slots of scalars, written at the end, when every reader of the old value has run. */
  readonly scalarSlots: readonly { readonly node: Node; readonly place: Place }[];
  /** Copies that follow all else: slots whose old value is still read when the new one is there. */
  readonly copies: readonly { readonly from: Place; readonly to: Place; readonly size: number }[];
}

/** One reading of an operand, by a step and, if that has loops, in one of its groups. */
export interface Use {
  readonly task: Task;
  readonly group?: Group;
  readonly operand: Operand;
}

/** What computes a value: a step and, if that has loops, one of its groups. */
export type Makers = ReadonlyMap<Node, { readonly task: Task; readonly group?: Group }>;

export function makersOf(tasks: readonly Task[]): Makers {
  const makers = new Map<Node, { task: Task; group?: Group }>();
  for (const task of tasks) {
    if (task.kind !== "loops") makers.set(task.node, { task });
    else {
      for (const group of task.segments) {
        for (const node of group.maps) makers.set(node, { task, group });
        for (const { node } of group.reduces) makers.set(node, { task, group });
      }
    }
  }
  return makers;
}

/** Whether the operand comes from a register, the same iteration or the same row instead of memory. */
export function isLocal({ task, group, operand: { node } }: Use, makers: Makers): boolean {
  // A single element that is updated like the tensors beside it reads its gradient as they do.
  if (node.scalar) return task.kind !== "kernel" && !(group?.domain.length === 0 && node.placement);
  const maker = makers.get(node);
  if (task.kind !== "loops" || maker?.task !== task) return false;
  return maker.group === group || domainOf(node.shape).length === task.rows;
}

/** Decides for each value whether it has memory, and where. One decision per value, for all of its readers. */
export function placeValues(flow: Dataflow, tasks: readonly Task[], layout: Layout): Places {
  const slots = slotPlaces(layout);
  const uses = usesOf(tasks);
  const makers = makersOf(tasks);
  const position = new Map(tasks.map((task, at) => [task, at]));

  const readers = new Map<string, Use[]>();
  const inMemory = new Set<Node>();
  const abroad = new Set<Node>();
  for (const use of uses) {
    const { node } = use.operand;
    if (node.kind === "leaf") {
      const key = slotKey(node.attributes.arena as string, node.attributes.name as string);
      readers.set(key, [...(readers.get(key) ?? []), use]);
    } else if (!isLocal(use, makers)) {
      inMemory.add(node);
      if (makers.get(node)?.task !== use.task) abroad.add(node);
    }
  }

  /** Whether a slot may get its new value when that is computed: later readers, or other places, want the old one. */
  const mayOverwrite = (slot: Slot, node: Node) =>
    (readers.get(slotKey(slot.arena, slot.name)) ?? []).every(({ task, group, operand }) => {
      const maker = makers.get(node)!;
      if (task !== maker.task) return position.get(task)! < position.get(maker.task)!;
      return (
        group !== undefined && group === maker.group && isLoopMap(node) && isAligned(operand, group.domain)
      );
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
  const perRow = new Map<Node, number>();
  for (const node of inMemory) {
    const maker = makers.get(node);
    const within =
      maker?.task.kind === "loops" &&
      !abroad.has(node) &&
      !home.has(node) &&
      !deferred.some((x) => x.node === node);
    if (within) perRow.set(node, (maker.task as LoopTask).rows);
    if (home.has(node) || node.operands.length === 0) continue;
    const slot = perRow.has(node) ? undefined : node.placement;
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
  return { home, targets, perRow, scalarSlots, copies };
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
  return tasks.flatMap((task): Use[] => {
    if (task.kind !== "loops") {
      const computes = task.kind === "kernel" || task.node.kind === "map";
      return computes ? task.node.operands.map((operand) => ({ task, operand })) : [];
    }
    return task.segments.flatMap((group) => {
      const operands = [
        ...group.maps.flatMap((node) => node.operands),
        ...group.reduces.map(({ operand }) => operand),
      ];
      return operands.map((operand) => ({ task, group, operand }));
    });
  });
}
