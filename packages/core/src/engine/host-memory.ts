import { sizeOf } from "../expr/shape.js";
import type { DType, Floats, Layout } from "../program/program.js";
import { split } from "../program/split.js";
import type { Session } from "./engine.js";

/** Memory in typed arrays, one per arena: for engines that run in JavaScript. */
export function hostMemory(layout: Layout, dtype: DType): Omit<Session<"sync">, "notes" | "load"> {
  const arenas = new Map(
    Object.entries(layout).map(([arena, shapes]) => {
      const size = Object.values(shapes).reduce((sum, shape) => sum + sizeOf(shape), 0);
      const whole: Floats = dtype === "float32" ? new Float32Array(size) : new Float64Array(size);
      return [arena, new Map([[undefined, whole], ...Object.entries(split(whole, shapes))])];
    }),
  );
  const view = (arena: string, name?: string): Floats => {
    const slot = arenas.get(arena)?.get(name);
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
