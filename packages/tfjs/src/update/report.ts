import { arenas } from "@downhill/core/engine";
import type { PathChoice, PreparedUpdate, TracedUpdate } from "./update-path.js";

/** A report that says the same of every variable which the update writes. */
export function sameForAll({ program }: TracedUpdate, choice: PathChoice): PreparedUpdate["report"] {
  const variables = program.writes.filter(({ arena }) => arena === arenas.parameter);
  return Object.fromEntries(variables.map(({ name }) => [name, choice]));
}

/** "1 draw", "2 draws". */
export const counted = (count: number, thing: string): string =>
  `${count} ${thing}${count === 1 ? "" : thing.endsWith("h") ? "es" : "s"}`;
