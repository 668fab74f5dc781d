import type { Event, RunStart } from "@downhill/core/train";

/**
 * When events happened, in seconds since 1970, from what they say themselves: the run's start and their own `timeMs`.
 * A run that goes on counts the time before it, too; its first event that has a time is taken for the start.
 */
export function createWallClock(start: RunStart): (event: Event) => number {
  const startMs = Date.parse(start.time);
  let spentMs = start.from === 0 ? 0 : undefined;
  let nowMs = startMs;
  return (event) => {
    if ("timeMs" in event) {
      spentMs ??= event.timeMs;
      nowMs = startMs + event.timeMs - spentMs;
    }
    return nowMs / 1000;
  };
}
