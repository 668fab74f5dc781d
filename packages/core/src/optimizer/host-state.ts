import { checkNames } from "./hyper.js";
import type { Updater } from "./updater.js";

/** An updater's scalars that are kept on the host, for checkpoints. */
export function saveHostState({ hostState: { names, values } }: Updater): Record<string, number> {
  return Object.fromEntries(names.map((name, i) => [name, values[i]!]));
}

/** Goes on from saved scalars; throws, and changes nothing, unless they are exactly those that `saveHostState` gives. */
export function loadHostState(
  owner: string,
  { hostState: { names, values } }: Updater,
  saved: Readonly<Record<string, number>>,
): void {
  checkNames(owner, "saved host scalar", Object.keys(saved ?? {}), names);
  for (const name of names) {
    const value: unknown = saved?.[name];
    if (typeof value === "number") continue;
    throw new Error(`${owner}: the saved host scalar "${name}" is ${String(value)}; expected a number.`);
  }
  values.set(names.map((name) => saved[name]!));
}
