import { sizeOf } from "../expr/shape.js";
import type { Tensor } from "../expr/tensor.js";
import { topologicalOrder } from "./graph.js";
import { type Layout, type Program, slotKey } from "./program.js";

/** Throws where a program reads or writes what its memory does not have, or a scalar that it is not given. */
export function checkProgram(program: Program, layout: Layout): void {
  const check = (arena: string, name: string, value: Tensor, does: string) => {
    const shape = layout[arena]?.[name];
    if (!shape) {
      throw new Error(
        `The program ${does} a slot that this memory does not have: there is no slot "${slotKey(arena, name)}". ` +
          `It has ${Object.entries(layout)
            .flatMap(([a, slots]) => Object.keys(slots).map((n) => slotKey(a, n)))
            .join(", ")}.`,
      );
    }
    if (sizeOf(value.shape) > sizeOf(shape)) {
      throw new Error(
        `The program ${does} ${sizeOf(value.shape)} numbers of slot "${slotKey(arena, name)}", which has ${sizeOf(shape)}.`,
      );
    }
  };
  for (const { arena, name, value } of program.writes) check(arena, name, value, "writes");
  for (const node of topologicalOrder(program.writes.map((write) => write.value))) {
    const { arena, name } = node.attributes as { arena: string; name: string };
    if (node.op === "leaf") check(arena, name, node, "reads");
    if (node.op === "hostScalar" && !program.hostScalars.includes(name)) {
      throw new Error(
        `The program reads a scalar that it is not given: there is no host scalar "${name}". ` +
          `It has ${program.hostScalars.join(", ") || "none"}.`,
      );
    }
  }
}
