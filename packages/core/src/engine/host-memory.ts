import { sizeOf } from "../expr/shape.js";
import type { DType, Floats, Layout } from "../program/program.js";
import type { Session } from "./engine.js";

/** Memory in typed arrays, one per arena: for engines that run in JavaScript. */
export function hostMemory(layout: Layout, dtype: DType): Omit<Session<"sync">, "notes" | "load"> {
  const arenas = new Map<string, { whole: Floats; slots: Map<string, Floats> }>();
  for (const [arena, slots] of Object.entries(layout)) {
    const size = Object.values(slots).reduce((sum, shape) => sum + sizeOf(shape), 0);
    const whole = dtype === "float32" ? new Float32Array(size) : new Float64Array(size);
    const views = new Map<string, Floats>();
    let offset = 0;
    for (const [name, shape] of Object.entries(slots)) {
      views.set(name, whole.subarray(offset, offset + sizeOf(shape)));
      offset += sizeOf(shape);
    }
    arenas.set(arena, { whole, slots: views });
  }
  const view = (arena: string, name?: string): Floats => {
    const found = arenas.get(arena);
    const slot = name === undefined ? found?.whole : found?.slots.get(name);
    if (slot) return slot;
    throw new Error(
      `There is no slot "${name === undefined ? arena : `${arena}:${name}`}" in this session's memory; ` +
        `it has ${Object.entries(layout)
          .flatMap(([a, slots]) => Object.keys(slots).map((n) => `${a}:${n}`))
          .join(", ")}.`,
    );
  };
  return {
    layout,
    dtype,
    view,
    read: (arena, name) => view(arena, name).slice(),
    write: (arena, name, values) => view(arena, name).set(values),
    dispose: () => arenas.clear(),
  };
}
