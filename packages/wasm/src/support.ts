import type { Expr } from "./encode/code.js";
import { f32x4, splat32 } from "./encode/instructions.js";
import { ModuleWriter } from "./encode/module.js";

/** Whether this runtime may compile modules at all, and knows SIMD. */
export const supported = (): boolean => probe((x) => f32x4.add(x, x), true);

/** Whether it also knows relaxed SIMD: Node from 22 on, Chromium from 114 on. */
export const supportsRelaxed = (): boolean => probe((x) => f32x4.relaxedMadd(x, x, x), false);

function probe(value: (x: Expr) => Expr, compile: boolean): boolean {
  if (typeof WebAssembly === "undefined") return false;
  const writer = new ModuleWriter({ shared: false });
  writer.func([], [], (code) => {
    code.keep("v128", value(splat32(1)));
  });
  const bytes = writer.encode();
  if (!WebAssembly.validate(bytes)) return false;
  if (!compile) return true;
  try {
    // A content-security policy without 'wasm-unsafe-eval' forbids this.
    new WebAssembly.Module(bytes);
    return true;
  } catch {
    return false;
  }
}
