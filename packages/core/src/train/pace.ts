import type { When } from "./events.js";

/** Says of each step whether something is due. */
export type Pace = (step: number, nowMs: number) => boolean;

/** The first step is always due; then every n-th by its number, or the next after so many milliseconds. */
export function createPace(when: When): Pace {
  if (when === "always") return () => true;
  if ("every" in when) return (step) => step === 1 || step % when.every === 0;
  let last = -Infinity;
  return (_, nowMs) => {
    if (nowMs - last < when.everyMs) return false;
    last = nowMs;
    return true;
  };
}
