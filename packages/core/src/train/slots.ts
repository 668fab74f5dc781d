import type { Session } from "../engine/engine.js";
import type { Work } from "../engine/run.js";
import type { Shapes } from "../optimizer/trace.js";
import type { Data } from "../program/data.js";
import { look } from "./memory.js";

/** Copies of an arena's slots. */
export function* readSlots(session: Session, arena: string, shapes: Shapes): Work<Record<string, Data>> {
  const slots: Record<string, Data> = {};
  for (const [name, shape] of Object.entries(shapes)) {
    slots[name] = { data: (yield* look(session, arena, name)).slice(), shape };
  }
  return slots;
}

export function writeSlots(session: Session, arena: string, slots: Readonly<Record<string, Data>>): void {
  for (const [name, { data }] of Object.entries(slots)) session.write(arena, name, data);
}
