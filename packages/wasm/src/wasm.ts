import { type DType, type Engine, js, type Layout, type Session } from "@downhill/core";
import { checkOptions, settleOptions, type WasmOptions } from "./options.js";
import { openSession } from "./session.js";
import { supported } from "./support.js";

/**
 * Compiles each program to one WebAssembly module with SIMD over one memory. In float32 arithmetic is float32, but sums
 * of many numbers are float64. Without `relaxed` the same program gives the same bits on every machine. Under a
 * content-security policy it needs 'wasm-unsafe-eval', and threads in a page need `worker-src blob:`.
 *
 * @throws RangeError if `threads` is not a whole number from 1 on.
 */
export function wasm(options: WasmOptions = {}): Engine<"sync"> {
  const checked = checkOptions(options);
  return {
    "~engine": 1,
    name: "wasm",
    mode: "sync",
    dtypes: ["float64", "float32"],
    open: (layout, dtype) => open(layout, dtype, checked),
  };
}

function open(layout: Layout, dtype: DType, options: Required<WasmOptions>): Session<"sync"> {
  if (supported()) return openSession(layout, dtype, settleOptions(options));
  const why =
    "WebAssembly with SIMD is not to be had here (too old a runtime, or a content-security policy without 'wasm-unsafe-eval')";
  if (!options.fallback) throw new Error(`wasm: ${why}. Use the engine js.`);
  const session = js().open(layout, dtype);
  return { ...session, notes: [`${why}, so the engine js runs instead of wasm.`, ...session.notes] };
}
