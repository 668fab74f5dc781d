import { type DType, type Engine, js, type Layout, type Session } from "@downhill/core";
import { WasmSession } from "./session.js";
import { supported, supportsRelaxed } from "./support.js";

export interface WasmOptions {
  /**
   * Lets processors that can add a product in one rounding do so: faster products of matrices, whose last bits then
   * depend on the machine. Needs Node 22 or Chromium 114; where it is not to be had, plain SIMD runs and the session's
   * notes say so. Default false.
   */
  readonly relaxed?: boolean;
  /**
   * Whether `js` may stand in, with a note, where modules are forbidden or a program does not compile; otherwise that
   * is an error. Default true.
   */
  readonly fallback?: boolean;
}

/**
 * Compiles each program to one WebAssembly module with SIMD over one memory. In float32 arithmetic is float32, but sums
 * of many numbers are float64. Without `relaxed` the same program gives the same bits on every machine. Under a
 * content-security policy it needs 'wasm-unsafe-eval'.
 */
export function wasm({ relaxed = false, fallback = true }: WasmOptions = {}): Engine<"sync"> {
  return {
    "~engine": 1,
    name: "wasm",
    mode: "sync",
    dtypes: ["float64", "float32"],
    open: (layout, dtype) => open(layout, dtype, relaxed, fallback),
  };
}

function open(layout: Layout, dtype: DType, relaxed: boolean, fallback: boolean): Session<"sync"> {
  if (!supported()) {
    const why =
      "WebAssembly with SIMD is not to be had here (too old a runtime, or a content-security policy without 'wasm-unsafe-eval')";
    if (!fallback) throw new Error(`wasm: ${why}. Use the engine js.`);
    const session = js().open(layout, dtype);
    return { ...session, notes: [`${why}, so the engine js runs instead of wasm.`, ...session.notes] };
  }
  const fused = relaxed && supportsRelaxed();
  const notes = !relaxed
    ? []
    : fused
      ? ["Relaxed SIMD is on: the last bits of matrix products depend on the processor."]
      : [
          "This runtime has no relaxed SIMD, so plain SIMD runs (Node 20: node --experimental-wasm-relaxed-simd).",
        ];
  return new WasmSession(layout, dtype, { relaxed: fused, fallback, notes });
}
