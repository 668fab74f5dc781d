import type { Layout, Program, Shape } from "@downhill/core";
import { topologicalOrder } from "@downhill/core/engine";
import type { TracedUpdate } from "./update-path.js";

/** A program with the shapes of the slots that it reads or writes: those of a layout, else what it takes them for. */
export function tracedUpdate(program: Program, layout?: Layout): TracedUpdate {
  const used: Record<string, Record<string, Shape>> = {};
  const touch = (arena: string, name: string, shape: Shape) => {
    used[arena] ??= {};
    used[arena][name] = layout?.[arena]?.[name] ?? shape;
  };
  for (const { arena, name, value } of program.writes) touch(arena, name, value.shape);
  for (const { op, attributes, shape } of topologicalOrder(program.writes.map((write) => write.value))) {
    if (op === "leaf") touch(attributes.arena as string, attributes.name as string, shape);
  }
  return { program, layout: used };
}
