import type { Status } from "@downhill/core";
import type { Ansis } from "ansis";

const words: Record<Status["kind"], string> = {
  converged: "converged",
  limit: "limit reached",
  stalled: "stalled",
  diverged: "diverged",
  stopped: "stopped",
};

const signs: Record<Status["kind"], string> = {
  converged: "✔",
  limit: "●",
  stalled: "▲",
  diverged: "✖",
  stopped: "■",
};

const colors = {
  converged: "green",
  limit: "yellow",
  stalled: "yellow",
  diverged: "red",
  stopped: "yellow",
} as const satisfies Record<Status["kind"], string>;

/** A status in words, with a sign before it where the output shows one. */
export function statusWord({ kind }: Status, paint: Ansis, braille: boolean): string {
  return paint[colors[kind]](braille ? `${signs[kind]} ${words[kind]}` : words[kind]);
}
