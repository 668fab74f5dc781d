import { arenas } from "@downhill/core/engine";
import type { PathChoice, PreparedUpdate, TracedUpdate } from "./update-path.js";

/** A report that says the same of every variable which the update writes. */
export function sameForAll({ program }: TracedUpdate, choice: PathChoice): PreparedUpdate["report"] {
  const variables = program.writes.filter(({ arena }) => arena === arenas.parameter);
  return Object.fromEntries(variables.map(({ name }) => [name, choice]));
}
