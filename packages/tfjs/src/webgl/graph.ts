import { slotKey, type Tensor } from "@downhill/core";
import { costlyPrimitives, operators, topologicalOrder } from "@downhill/core/engine";

/** A write of the program, by its slot's key. */
export interface Result {
  readonly slot: string;
  readonly value: Tensor;
}

/** Which values of a program have textures, and in which order they are made. */
export interface Graph {
  readonly order: readonly Tensor[];
  readonly results: readonly Result[];
  /** Scalars that the host knows: numbers, given or computed from such. */
  readonly onHost: ReadonlySet<Tensor>;
  /** Values that get a texture; all others are computed wherever they are used. */
  readonly made: ReadonlySet<Tensor>;
}

/** Operations that a texture ends: what they read, or how, is not one element for each of theirs. */
const heavy: ReadonlySet<string> = new Set(["sum", "max", "min", "prod", "matmul", "scatterAdd"]);
const costly: ReadonlySet<string> = new Set(costlyPrimitives);
/** A value that several use is made once if it costs more operations than this, */
const CHEAP = 12;
/** and one that a single other uses if it costs more than this. */
const LONG = 256;
/** Textures that a kernel reads; WebGL 2 has 16 at least. */
const MOST_TEXTURES = 12;

/** Decides what is made: results, what ends a kernel and what it needs whole, what is too dear to compute twice. */
export function graphOf(results: readonly Result[]): Graph {
  const order = topologicalOrder(results.map(({ value }) => value));
  const onHost = new Set<Tensor>();
  const users = new Map<Tensor, number>();
  for (const node of order) {
    const known = node.op === "constant" || node.op === "hostScalar";
    const computed =
      node.shape.length === 0 &&
      operators[node.op].scalar !== undefined &&
      node.inputs.every((input) => onHost.has(input));
    if (known || computed) onHost.add(node);
    for (const input of node.inputs) users.set(input, (users.get(input) ?? 0) + 1);
  }

  const made = new Set(results.map(({ value }) => value));
  for (const node of order) {
    if (heavy.has(node.op)) made.add(node);
    for (const input of neededWhole(node)) if (input.op !== "leaf") made.add(input);
  }

  const costs = new Map<Tensor, number>();
  const textures = new Map<Tensor, ReadonlySet<Tensor>>();
  for (const node of order) {
    if (onHost.has(node)) {
      costs.set(node, 0);
      textures.set(node, new Set());
      continue;
    }
    const cost = node.inputs.reduce(
      (sum, input) => sum + (made.has(input) ? 0 : costs.get(input)!),
      costly.has(node.op) ? 8 : operators[node.op].scalar ? 1 : 0,
    );
    costs.set(node, cost);
    const reads = () =>
      new Set(node.inputs.flatMap((input) => (made.has(input) ? [input] : [...textures.get(input)!])));
    let sources = reads();
    while (sources.size > MOST_TEXTURES) {
      const widest = node.inputs
        .filter((input) => !made.has(input))
        .sort((a, b) => textures.get(b)!.size - textures.get(a)!.size)[0];
      if (widest === undefined || textures.get(widest)!.size <= 1) break;
      made.add(widest);
      sources = reads();
    }
    if (node.op === "leaf" || node.op === "data") sources.add(node);
    textures.set(node, sources);
    if (cost > ((users.get(node) ?? 0) > 1 ? CHEAP : LONG)) made.add(node);
  }
  for (const node of onHost) if (!results.some(({ value }) => value === node)) made.delete(node);
  return { order, results, onHost, made };
}

/** Inputs that must be textures. A product takes a transposed matrix as it is. */
function neededWhole(node: Tensor): readonly Tensor[] {
  if (node.op === "matmul") return node.inputs.map((input) => (isSwapped(input) ? input.inputs[0]! : input));
  return node.op === "scatterAdd" ? node.inputs : [];
}

/** Whether a tensor is another with its last two axes, and only these, exchanged. */
export function isSwapped({ op, attributes, shape }: Tensor): boolean {
  const rank = shape.length;
  const swapped = shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
  return op === "transpose" && rank >= 2 && String(attributes.order) === String(swapped);
}

/** The key of a leaf's slot. */
export function slotOf({ attributes }: Tensor): string {
  return slotKey(attributes.arena as string, attributes.name as string);
}
