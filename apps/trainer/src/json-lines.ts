import type { Reporter } from "@downhill/core/train";

/** Writes each event of a run to stdout, as a line of JSON. */
export function jsonLines(): Reporter {
  return {
    name: "json",
    on(event) {
      process.stdout.write(`${JSON.stringify(event)}\n`);
    },
  };
}
