import type { Engine } from "@downhill/core";
import { WasmSession } from "./session.js";

export interface WasmOptions {
  /** Default true. */
  readonly fallback?: boolean;
}

export function wasm(_: WasmOptions = {}): Engine<"sync"> {
  return {
    "~engine": 1,
    name: "wasm",
    mode: "sync",
    dtypes: ["float32", "float64"],
    open: (layout, dtype) => new WasmSession(layout, dtype, { relaxed: false, notes: [] }),
  };
}
