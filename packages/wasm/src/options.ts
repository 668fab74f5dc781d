import { supportsRelaxed } from "./support.js";
import { defaultThreads, whyNoThreads } from "./threads/available.js";

export interface WasmOptions {
  /**
   * Lets processors that can add a product in one rounding do so: faster products of matrices, whose last bits then
   * depend on the machine. Needs Node 22 or Chromium 114; where it is not to be had, plain SIMD runs and the session's
   * notes say so. Default false.
   */
  readonly relaxed?: boolean;
  /**
   * Threads that share large kernels, the caller's own among them: a whole number from 1 on. The same bits come out
   * whatever their number. The others start with the first program that is large enough; where there can be none, one
   * thread runs and the session's notes say why. In a page they need cross-origin isolation, and the engine to be used
   * in a worker. Default half of the processors, at most 4.
   */
  readonly threads?: number;
  /**
   * Whether `js` may stand in, with a note, where modules are forbidden or a program does not compile; otherwise that
   * is an error. Default true.
   */
  readonly fallback?: boolean;
}

/** What comes of the options here. */
export interface Settled {
  readonly relaxed: boolean;
  readonly threads: number;
  readonly fallback: boolean;
  /** What users should know of it. */
  readonly notes: readonly string[];
  /** And what they should if a program is large enough for several threads. */
  readonly oneThread: string | undefined;
}

/** Checks options. @throws RangeError if `threads` is not a whole number from 1 on. */
export function checkOptions({ relaxed = false, threads = defaultThreads(), fallback = true }: WasmOptions) {
  if (!(Number.isInteger(threads) && threads >= 1)) {
    throw new RangeError(`wasm: threads is ${threads}; expected a whole number from 1 on.`);
  }
  return { relaxed, threads, fallback };
}

/** What comes of options where this runs. */
export function settleOptions({ relaxed, threads, fallback }: Required<WasmOptions>): Settled {
  const fused = relaxed && supportsRelaxed();
  const alone = threads > 1 ? whyNoThreads() : undefined;
  const note = fused
    ? "Relaxed SIMD is on: the last bits of matrix products depend on the processor."
    : "This runtime has no relaxed SIMD, so plain SIMD runs (Node 20: node --experimental-wasm-relaxed-simd).";
  return {
    relaxed: fused,
    threads: alone ? 1 : threads,
    fallback,
    notes: relaxed ? [note] : [],
    oneThread: alone && `One thread runs instead of ${threads}: ${alone}.`,
  };
}
