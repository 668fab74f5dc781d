import { sizeOf } from "../expr/shape.js";
import type { ElementwisePrimitive } from "../operators/index.js";
import { collapse } from "./collapse.js";
import type { Dataflow, Node, Operand } from "./dataflow.js";
import { joinScalars, joinSegments } from "./join.js";
import { isLocal, makersOf, type Place, type Places, slotPlaces } from "./places.js";
import type { Access, Instruction, LoopStep, ScalarStep, Segment, Step } from "./plan.js";
import { type Layout, slotKey } from "./program.js";
import {
  type Group,
  type KernelTask,
  type LoopTask,
  reducedAxes,
  type ScalarTask,
  type Task,
} from "./schedule.js";
import { domainStrides, type View, wholeView } from "./view.js";

export interface Assembly {
  readonly steps: readonly Step[];
  readonly scalars: number;
  readonly data: Float64Array;
}

/** Spells tasks as the plan's steps. `dataBuffer` is the buffer that gets the program's own numbers. */
export function assemble(
  flow: Dataflow,
  tasks: readonly Task[],
  places: Places,
  layout: Layout,
  dataBuffer: number,
): Assembly {
  const slots = slotPlaces(layout);
  const data: number[] = [];
  const homes = new Map<Node, Place>(places.home);
  for (const node of flow.nodes) {
    const { arena, name, values } = node.attributes as { arena: string; name: string; values: Float64Array };
    if (node.kind === "leaf") homes.set(node, slots.get(slotKey(arena, name))!);
    if (node.kind !== "data") continue;
    homes.set(node, { buffer: dataBuffer, offset: data.length });
    for (const value of values) data.push(value);
  }
  const joins = new Map<Node, { join: Node; view: View }>();
  for (const join of flow.nodes) {
    join.parts?.forEach((view, i) => joins.set(join.operands[i]!.node, { join, view }));
  }

  const makers = makersOf(tasks);

  const at = (place: Place, view: View, rows = 0): Access => ({
    buffer: place.buffer,
    offset: place.offset + view.offset,
    strides: domainStrides(view).map((stride, axis) => (axis < rows ? 0 : stride)),
    ...(rows > 0 && { perRow: true }),
  });
  const accessOf = ({ node, view }: Operand) => at(homes.get(node)!, view, places.perRow.get(node));
  /** Everywhere a value goes, with the view through which it is seen there. */
  const targetsOf = (node: Node): Access[] => {
    const rows = places.perRow.get(node);
    const own = (places.targets.get(node) ?? []).map((place) => at(place, wholeView(node.shape), rows));
    const part = joins.get(node);
    return part ? [...own, at(homes.get(part.join)!, part.view)] : own;
  };

  const registers = new Map<Node | string, number>();
  const registerOf = (key: Node | string) => {
    if (!registers.has(key)) registers.set(key, registers.size);
    return registers.get(key)!;
  };

  /** The instruction for an operand that no instruction of this step computes. */
  const read = (operand: Operand): Instruction => {
    const { node, view } = operand;
    const { value, index } = node.attributes as { value: number; index: number };
    if (node.kind === "constant") return { op: "constant", value };
    if (node.kind === "host") return { op: "host", index };
    if (node.kind === "index") return { op: "index", offset: view.offset, strides: domainStrides(view) };
    return { op: "load", access: accessOf(operand) };
  };
  const compute = (node: Node, inputs: readonly number[]): Instruction => {
    if (node.op !== "uniform") return { op: node.op as ElementwisePrimitive, inputs };
    const { offset, strides } = at({ buffer: 0, offset: 0 }, wholeView(node.shape));
    return { op: "uniform", inputs: [inputs[0]!], stream: node.attributes.stream as number, offset, strides };
  };

  function scalarStep(task: ScalarTask): Step[] {
    const body: { scalar: number; instruction: Instruction }[] = [];
    const stores: { scalar: number; access: Access }[] = [];
    const scalarOf = (operand: Operand): number => {
      if (operand.node.scalar) return registerOf(operand.node);
      const instruction = read(operand);
      // By node, not by place: a slot's old value is not its new one.
      const key =
        instruction.op === "load" ? `${operand.node.id} ${operand.view.offset}` : keyOf(instruction);
      if (!registers.has(key)) body.push({ scalar: registerOf(key), instruction });
      return registerOf(key);
    };
    const { node } = task;
    if (node.kind === "map") {
      const inputs = node.operands.map(scalarOf);
      // A copy is its operand's own register.
      if (node.op === "copy") registers.set(node, inputs[0]!);
      else body.push({ scalar: registerOf(node), instruction: compute(node, inputs) });
    }
    for (const access of targetsOf(node)) stores.push({ scalar: registerOf(node), access });
    return body.length + stores.length > 0 ? [{ kind: "scalars", body, stores }] : [];
  }

  function loopStep(task: LoopTask): LoopStep {
    const known = new Map<Node, number>();
    let next = 0;
    const segments = task.segments.map(segmentOf);
    const rows = task.segments[0]!.domain.slice(0, task.rows);
    return collapse(joinSegments({ kind: "loops", rows, segments }));

    function segmentOf(group: Group): Segment {
      const body: Instruction[] = [];
      const stores: { value: number; access: Access }[] = [];
      const totals: { value: number; scalar: number; add: boolean }[] = [];
      const pushed = new Map<string, number>();
      const push = (instruction: Instruction): number => {
        const key = keyOf(instruction);
        const value = pushed.get(key) ?? next;
        if (value === next) {
          body.push(instruction);
          pushed.set(key, next++);
        }
        return value;
      };
      const valueOf = (operand: Operand): number => {
        const { node } = operand;
        if (!isLocal({ task, group, operand }, makers)) return push(read(operand));
        return known.get(node) ?? push({ op: "scalar", index: registerOf(node) });
      };
      for (const node of group.maps) {
        const inputs = node.operands.map(valueOf);
        const value = node.op === "copy" ? inputs[0]! : push(compute(node, inputs));
        known.set(node, value);
        for (const access of targetsOf(node)) stores.push({ value, access });
      }
      for (const { node, operand } of group.reduces) {
        const axes = reducedAxes(node, operand);
        const by = node.op as "sum" | "max" | "min" | "prod";
        const value = push({ op: "reduce", by, inputs: [valueOf(operand)], axes });
        known.set(node, value);
        if (node.scalar) totals.push({ value, scalar: registerOf(node), add: false });
        else
          for (const access of targetsOf(node))
            stores.push({ value, access: spread(access, group.domain, axes) });
      }
      return { inner: group.domain.slice(task.rows), body, stores, totals };
    }
  }

  function kernelSteps({ node }: KernelTask): Step[] {
    const shape = node.shape;
    const outs = places.targets.get(node) ?? [];
    const [first, ...others] = outs.map((place) => ({ ...place, strides: [] }));
    const copies = others.map((to) => copyStep(first!, to, sizeOf(shape)));
    if (node.kind === "matmul") {
      const rank = shape.length;
      const matrix = ({ node: source, view }: Operand): Access => ({
        ...at(homes.get(source)!, view),
        strides: view.strides,
      });
      const [a, b] = node.operands as [Operand, Operand];
      const [m, n] = shape.slice(-2) as [number, number];
      const k = a.view.shape[rank - 1]!;
      const out = { ...first!, strides: wholeView(shape).strides };
      const batch = shape.slice(0, -2);
      return [{ kind: "matmul", batch, m, n, k, a: matrix(a), b: matrix(b), out }, ...copies];
    }
    const [source, indices] = node.operands as [Operand, Operand];
    const axis = node.attributes.axis as number;
    const whole = node.kind === "gather" ? source.view.shape : shape;
    const step = {
      before: sizeOf(whole.slice(0, axis)),
      length: whole[axis]!,
      after: sizeOf(whole.slice(axis + 1)),
      count: sizeOf(indices.view.shape),
      source: { ...accessOf(source), strides: [] },
      indices: { ...accessOf(indices), strides: [] },
      out: first!,
    };
    return [
      node.kind === "gather" ? { kind: "gather", ...step } : { kind: "scatterAdd", ...step },
      ...copies,
    ];
  }

  const filled = new Set<Node>();
  /** Padding is zero from before its inner part is written. */
  function fills(nodes: readonly Node[]): Step[] {
    return nodes.flatMap((node): Step[] => {
      const join = joins.get(node)?.join;
      if (join?.op !== "pad" || filled.has(join)) return [];
      filled.add(join);
      const access = { ...homes.get(join)!, strides: [] };
      return [{ kind: "fill", value: 0, count: sizeOf(join.shape), access }];
    });
  }

  const steps = tasks.flatMap((task): Step[] => {
    if (task.kind === "kernel") return kernelSteps(task);
    if (task.kind === "scalars") return [...fills([task.node]), ...scalarStep(task)];
    return [...fills(task.segments.flatMap((group) => group.maps)), loopStep(task)];
  });
  const end: ScalarStep = {
    kind: "scalars",
    body: [],
    stores: places.scalarSlots.map(({ node, place }) => ({
      scalar: registerOf(node),
      access: { ...place, strides: [] },
    })),
  };
  if (end.stores.length > 0) steps.push(end);
  for (const { from, to, size } of places.copies) steps.push(copyStep(from, to, size));
  return { steps: joinScalars(steps), scalars: registers.size, data: Float64Array.from(data) };
}

/** The same key for instructions that compute the same. JSON has neither -0 nor what is not finite. */
function keyOf(instruction: Instruction): string {
  if (instruction.op !== "constant") return JSON.stringify(instruction);
  return Object.is(instruction.value, -0) ? "-0" : String(instruction.value);
}

/** An access to a reduced value by the loop that reduces it: 0 along the axes it lost. */
function spread(access: Access, domain: readonly number[], axes: readonly number[]): Access {
  let kept = 0;
  return { ...access, strides: domain.map((_, axis) => (axes.includes(axis) ? 0 : access.strides[kept++]!)) };
}

function copyStep(from: Place, to: Place, size: number): LoopStep {
  const access = (place: Place): Access => ({ ...place, strides: [1] });
  const body: Instruction[] = [{ op: "load", access: access(from) }];
  const stores = [{ value: 0, access: access(to) }];
  return { kind: "loops", rows: [], segments: [{ inner: [size], body, stores, totals: [] }] };
}
