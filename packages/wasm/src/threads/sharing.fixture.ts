import type { Engine, Session } from "@downhill/core";
import { checkOptions, settleOptions } from "../options.js";
import { openSession } from "../session.js";
import { control } from "./control.js";

/** The engine with its steps in small parts; a program is loaded once all helpers have begun. */
export function sharing(threads: number, grain: number): Engine<"sync"> {
  return {
    "~engine": 1,
    name: "wasm",
    mode: "sync",
    dtypes: ["float64", "float32"],
    open(layout, dtype) {
      const options = settleOptions(checkOptions({ threads, fallback: false }));
      const session = openSession(layout, dtype, options, grain);
      return {
        ...session,
        load(program) {
          const kernel = session.load(program);
          if (wordOf(session, "posted") > 0) awaitHelpers(session, threads - 1);
          return kernel;
        },
      };
    },
  };
}

/** A word of the session's shared memory; 0 where it is not shared. */
export function wordOf({ view, layout }: Session<"sync">, word: keyof typeof control): number {
  const { buffer } = view(Object.keys(layout)[0]!);
  return buffer instanceof SharedArrayBuffer ? Atomics.load(new Int32Array(buffer), control[word] / 4) : 0;
}

/** Waits as a training would: without giving way to the event loop. */
export function awaitHelpers(session: Session<"sync">, count: number): void {
  const begin = performance.now();
  while (wordOf(session, "helpers") < count) {
    if (performance.now() - begin > 10_000) throw new Error("The helpers have not begun.");
  }
}
