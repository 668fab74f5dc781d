import type { Work } from "../engine/run.js";

/** A result at once, or work that leads to it: the inner loop has no time for generators that wait for nothing. */
export type AtOnce<T> = T | Work<T>;

export function isWork<T extends object>(result: AtOnce<T>): result is Work<T> {
  return typeof (result as Partial<Work<T>>).next === "function";
}
