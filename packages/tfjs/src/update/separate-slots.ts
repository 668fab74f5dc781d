import { type Layout, leaf, type Program, type Shape, slotKey, type Tensor } from "@downhill/core";
import { apply, topologicalOrder } from "@downhill/core/engine";
import type { TracedUpdate } from "./update-path.js";

/** A slot that stands alone in its arena, which has the slot's key as its name. */
export interface LoneSlot {
  readonly arena: string;
  readonly name: string;
  readonly shape: Shape;
  /** Whether the program gives it a new value. */
  readonly written: boolean;
}

/**
 * The same update with an arena for each slot, named `slotKey(arena, name)`, so that a compiled plan has a buffer for
 * each tensor: tfjs keeps its tensors apart.
 */
export function separateSlots({ program, layout }: TracedUpdate): {
  readonly program: Program;
  readonly layout: Layout;
  readonly slots: readonly LoneSlot[];
} {
  const rebuilt = new Map<Tensor, Tensor>();
  for (const node of topologicalOrder(program.writes.map((write) => write.value))) {
    const { arena, name } = node.attributes as { arena: string; name: string };
    const inputs = node.inputs.map((input) => rebuilt.get(input)!);
    if (node.op === "leaf") rebuilt.set(node, leaf(slotKey(arena, name), name, node.shape));
    else if (inputs.every((input, i) => input === node.inputs[i])) rebuilt.set(node, node);
    else rebuilt.set(node, apply(node.op, inputs, node.attributes));
  }
  const written = new Set(program.writes.map(({ arena, name }) => slotKey(arena, name)));
  const slots = Object.entries(layout).flatMap(([arena, shapes]) =>
    Object.entries(shapes).map(([name, shape]) => ({
      arena: slotKey(arena, name),
      name,
      shape,
      written: written.has(slotKey(arena, name)),
    })),
  );
  return {
    program: {
      hostScalars: program.hostScalars,
      writes: program.writes.map(({ arena, name, value }) => ({
        arena: slotKey(arena, name),
        name,
        value: rebuilt.get(value)!,
      })),
    },
    layout: Object.fromEntries(slots.map(({ arena, name, shape }) => [arena, { [name]: shape }])),
    slots,
  };
}
