import type { When } from "./events.js";

/** When something is due: at the first step; then at every n-th by its number, or at the next after so many milliseconds. */
export interface Pace {
  /** It is not due before this step, nor before this time. */
  readonly nextStep: number;
  readonly nextMs: number;
  /** The milliseconds between two, where it goes by the clock; else 0. */
  readonly everyMs: number;
  /** Whether it is due at the step, or by the clock `together` with another; then it is not again until the next. */
  take(step: number, nowMs: number, together: boolean): boolean;
}

export function createPace(when: When): Pace {
  if (typeof when === "object" && "everyMs" in when) {
    const pace = {
      nextStep: Infinity,
      nextMs: -Infinity,
      everyMs: when.everyMs,
      take(_: number, nowMs: number, together: boolean) {
        if (nowMs < pace.nextMs && !together) return false;
        pace.nextMs = nowMs + when.everyMs;
        return true;
      },
    };
    return pace;
  }
  const every = when === "always" ? 1 : when.every;
  const pace = {
    nextStep: 1,
    nextMs: Infinity,
    everyMs: 0,
    take(step: number) {
      if (step < pace.nextStep) return false;
      pace.nextStep = (Math.floor(step / every) + 1) * every;
      return step === 1 || step % every === 0;
    },
  };
  return pace;
}
