import type { Engine } from "../engine/engine.js";
import { reference } from "../engine/reference.js";

/** The engine `reference` answering by promises; `reads` are told the arena of each read. */
export function later(reads?: (arena: string) => void): Engine<"async"> {
  const sync = reference();
  const promise = <T>(x: T) => Promise.resolve(x);
  return {
    ...sync,
    name: "later",
    mode: "async",
    open(layout, dtype) {
      const session = sync.open(layout, dtype);
      return promise({
        ...session,
        view: undefined,
        load: (program) => {
          const kernel = session.load(program);
          return promise({ run: (scalars) => promise(kernel.run(scalars)) });
        },
        read: (arena, name) => {
          reads?.(arena);
          return promise(session.read(arena, name));
        },
      });
    },
  };
}
