import { type Shape, sizeOf } from "../expr/shape.js";
import type { Attributes, Tensor } from "../expr/tensor.js";
import type { ElementwisePrimitive, OperatorName } from "../operators/index.js";
import { topologicalOrder } from "./graph.js";
import type { Lowered } from "./lower.js";
import type { HostValue } from "./plan.js";
import { type SumChain, sumChains } from "./sum-chains.js";
import {
  broadcastView,
  isContiguous,
  isWhole,
  reshapeView,
  sliceView,
  transposeView,
  type View,
  wholeView,
} from "./view.js";

/** How a node comes by its numbers. */
export type Kind =
  | "constant"
  /** Computed by the host before the run. */
  | "host"
  /** In memory from the start: a slot, or numbers of the program. */
  | "leaf"
  | "data"
  /** Its own index: computed wherever it is used. */
  | "index"
  /** One value per element, from values at the same index: fuses. */
  | "map"
  /** One value for many elements; of several operands, the sum of all their elements. */
  | "reduce"
  /** Memory to memory, by a kernel of their own. */
  | "matmul"
  | "gather"
  | "scatterAdd"
  /** Memory that several maps write their parts of. */
  | "join";

export interface Operand {
  readonly node: Node;
  readonly view: View;
}

/** A value to be computed, or one that is there. No views are left: they are in the operands. */
export interface Node {
  readonly id: number;
  readonly kind: Kind;
  readonly op: OperatorName | "copy";
  readonly operands: readonly Operand[];
  readonly attributes: Attributes;
  readonly shape: Shape;
  /** Of a join: where each operand lies in it. */
  readonly parts?: readonly View[];
  /** One number, computed between kernels and kept in a register. */
  scalar: boolean;
  /** Where the program would have the value, if it needs memory. */
  placement?: Slot;
}

export interface Slot {
  readonly arena: string;
  readonly name: string;
}

/** A program as nodes, inputs before users, each needed by some write. */
export interface Dataflow {
  readonly nodes: readonly Node[];
  readonly host: readonly HostValue[];
  readonly writes: readonly { readonly slot: Slot; readonly node: Node }[];
}

export function dataflow({ writes, placements }: Lowered, hostScalars: readonly string[]): Dataflow {
  const roots = writes.map((write) => write.value);
  const order = topologicalOrder(roots);
  const nodes: Node[] = [];
  const host: HostValue[] = [];
  const operands = new Map<Tensor, Operand>();

  const add = (
    kind: Kind,
    op: Node["op"],
    from: readonly Operand[],
    shape: Shape,
    more: { attributes?: Attributes; parts?: readonly View[] } = {},
  ): Operand => {
    const scalar = (kind === "map" || kind === "reduce") && sizeOf(shape) === 1;
    const node: Node = { id: nodes.length, kind, op, operands: from, shape, attributes: {}, scalar, ...more };
    nodes.push(node);
    return { node, view: wholeView(shape) };
  };
  const copy = (operand: Operand) => add("map", "copy", [operand], operand.view.shape);
  const inMemory = (operand: Operand) =>
    ["constant", "host", "index"].includes(operand.node.kind) ? copy(operand) : operand;
  const contiguous = (operand: Operand) => (isContiguous(operand.view) ? inMemory(operand) : copy(operand));

  const addHost = (value: HostValue): Operand => {
    host.push(value);
    return add("host", "hostScalar", [], [], { attributes: { index: host.length - 1 } });
  };
  /** Constants become values of the host only where the host computes with them. */
  const hostIndex = ({ node }: Operand): number =>
    (node.kind === "host" ? node : addHost({ op: "constant", value: node.attributes.value as number }).node)
      .attributes.index as number;
  const isHost = ({ node, view }: Operand) =>
    view.shape.length === 0 && (node.kind === "host" || node.kind === "constant");

  const chains = sumChains(order, roots, new Set(placements.map((write) => write.value)));
  const totalOf = ({ sums, rest }: SumChain): Operand => {
    const total = add("reduce", "sum", sums.map(operandOf), []);
    return rest.reduce((sum, term) => add("map", "add", [sum, operandOf(term)], []), total);
  };

  const operandOf = (tensor: Tensor): Operand => {
    const known = operands.get(tensor);
    if (known) return known;
    const operand = create(tensor);
    operands.set(tensor, operand);
    return operand;
  };
  const create = (tensor: Tensor): Operand => {
    const { op, attributes, shape } = tensor;
    const chain = chains.get(tensor);
    if (chain) return totalOf(chain);
    const from = tensor.inputs.map(operandOf);
    const [x] = from;
    switch (op) {
      case "constant":
        return add("constant", op, [], [], { attributes });
      case "hostScalar":
        return addHost({ op: "given", index: hostScalars.indexOf(attributes.name as string) });
      case "leaf":
      case "data":
        return add(op, op, [], shape, { attributes });
      case "iota":
        return add("index", op, [], shape);
      case "broadcastTo":
        return { node: x!.node, view: broadcastView(x!.view, shape) };
      case "transpose":
        return { node: x!.node, view: transposeView(x!.view, attributes.order as readonly number[]) };
      case "slice":
        return { node: x!.node, view: sliceView(x!.view, attributes.begin as readonly number[], shape) };
      case "reshape": {
        const view = reshapeView(x!.view, shape);
        return view ? { node: x!.node, view } : { node: copy(x!).node, view: wholeView(shape) };
      }
      case "sum":
      case "max":
      case "min":
      case "prod":
        return add("reduce", op, from, shape, { attributes });
      case "matmul":
        return add("matmul", op, from.map(inMemory), shape);
      case "gather":
        return add("gather", op, from.map(contiguous), shape, { attributes });
      case "scatterAdd":
        return add("scatterAdd", op, from.map(contiguous), shape, { attributes });
      case "concat": {
        const axis = attributes.axis as number;
        let start = 0;
        const parts = from.map(({ view }) => {
          const begin = shape.map((_, i) => (i === axis ? start : 0));
          start += view.shape[axis]!;
          return sliceView(wholeView(shape), begin, view.shape);
        });
        return add("join", op, from.map(copy), shape, { parts });
      }
      case "pad": {
        const parts = [sliceView(wholeView(shape), attributes.before as readonly number[], x!.view.shape)];
        return add("join", op, [copy(x!)], shape, { parts });
      }
      default:
        if (shape.length === 0 && op !== "uniform" && from.every(isHost)) {
          return addHost({ op: op as ElementwisePrimitive, inputs: from.map(hostIndex) });
        }
        return add("map", op, from, shape, { attributes });
    }
  };
  const inside = new Set([...chains.values()].flatMap((chain) => chain.inside));
  for (const tensor of order) if (!inside.has(tensor)) operandOf(tensor);

  const outputs = writes.map(({ arena, name, value }) => {
    const operand = operandOf(value);
    const computed = !["constant", "host", "index", "leaf", "data"].includes(operand.node.kind);
    const whole = computed && isWhole(operand.view, operand.node.shape);
    return { slot: { arena, name }, node: (whole ? operand : copy(operand)).node };
  });
  for (const { arena, name, value } of placements) {
    const operand = operands.get(value);
    if (!operand || operand.node.placement || sizeOf(value.shape) !== sizeOf(operand.node.shape)) continue;
    if (isContiguous(operand.view)) operand.node.placement = { arena, name };
  }
  const live = needed(nodes, outputs);
  promote(live, outputs);
  return { nodes: live, host, writes: outputs };
}

function needed(nodes: readonly Node[], outputs: Dataflow["writes"]): Node[] {
  const live = new Set(outputs.map(({ node }) => node));
  for (let i = nodes.length - 1; i >= 0; i--) {
    if (live.has(nodes[i]!)) for (const { node } of nodes[i]!.operands) live.add(node);
  }
  return nodes.filter((node) => live.has(node));
}

/**
 * Single elements that are updated, or summed, beside whole tensors of their arena are computed in a loop as those are,
 * so that one kernel can run over all.
 */
function promote(nodes: readonly Node[], writes: Dataflow["writes"]): void {
  const read = new Set(nodes.map(({ attributes: { arena, name } }) => `${arena}:${name}`));
  const updates = writes.filter(
    ({ slot, node }) => node.kind === "map" && read.has(`${slot.arena}:${slot.name}`),
  );
  const inLoops = new Set(updates.filter(({ node }) => !node.scalar).map(({ slot }) => slot.arena));
  const roots = new Set(updates.filter(({ slot }) => inLoops.has(slot.arena)).map(({ node }) => node));
  const outputs = new Set(writes.map(({ node }) => node));
  const users = new Map<Node, Node[]>(nodes.map((node) => [node, []]));
  for (const node of nodes) for (const operand of node.operands) users.get(operand.node)!.push(node);
  const inside = (node: Node) =>
    (node.kind === "map" && !node.scalar && sizeOf(node.shape) === 1) ||
    (node.kind === "reduce" && node.operands.length > 1);
  for (const node of [...nodes].reverse()) {
    const free = node.kind === "map" && !node.placement && (!outputs.has(node) || roots.has(node));
    const used = users.get(node)!;
    if (free && used.every(inside) && (roots.has(node) || used.length > 0)) node.scalar = false;
  }
}
