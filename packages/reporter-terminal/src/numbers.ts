import type { Num } from "@downhill/core/train";

/** A figure with so many significant digits, `2.346e-5` where that is shorter; "NaN" and "Infinity" as they are. */
export function formatNumber(value: Num, digits = 4): string {
  const x = Number(value);
  if (!Number.isFinite(x)) return String(x);
  const size = Math.abs(x);
  if (Number.isInteger(x) && size < 1e9) return String(x);
  if (size < 1e-3 || size >= 1e9) return x.toExponential(digits - 1);
  return size < 10 ** digits ? x.toPrecision(digits) : x.toFixed(0);
}

/** A time span in two units at most: `340 ms`, `2.6 s`, `3m 05s`, `1h 02m`, `2d 03h`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${two(seconds % 60)}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}h ${two(minutes % 60)}m`;
  return `${Math.floor(hours / 24)}d ${two(hours % 24)}h`;
}

/** Steps a second, or seconds a step where a step takes longer than one. */
export function formatRate(stepsPerSecond: number): string {
  if (stepsPerSecond >= 1) return `${formatNumber(stepsPerSecond, 3)} steps/s`;
  return `${formatNumber(1 / stepsPerSecond, 3)} s/step`;
}

/** "1 step", "2 steps". */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

function two(n: number): string {
  return String(n).padStart(2, "0");
}
