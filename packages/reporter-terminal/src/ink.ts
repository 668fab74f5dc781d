import type { Ansis } from "ansis";

// Told apart on dark ground and on light.
const inks = ["cyan", "yellow", "magenta", "green", "blue", "red"] as const;

/** The colour of a curve or path, by its place among the others. */
export function inkOf(paint: Ansis, place: number): Ansis {
  return paint[inks[place % inks.length]!];
}
