import { formatShape, type Shape, sameShape, sizeOf } from "../expr/shape.js";
import type { Data } from "../program/data.js";
import type { Floats, Layout } from "../program/program.js";
import { checkNames } from "./hyper.js";
import { arenas } from "./trace.js";

/** Everything that a rule's next update depends on, besides parameters and gradients. */
export interface SavedState {
  readonly optimizer: string;
  /** Updates made. */
  readonly t: number;
  /** Values by arena (`state.m`, `run`) and name. */
  readonly state: Readonly<Record<string, Readonly<Record<string, Data>>>>;
  /** Scalars of the run kept on the host. */
  readonly host: Readonly<Record<string, number>>;
  /** Steps that parameters missed while frozen; absent ones missed none. */
  readonly missed: Readonly<Record<string, number>>;
}

/** Copies a layout's arenas out of memory. */
export function readArenas(
  layout: Layout,
  read: (arena: string, name: string) => Floats,
): SavedState["state"] {
  return mapLayout(layout, (arena, name, shape) => ({ data: read(arena, name).slice(), shape }));
}

/**
 * Throws when saved state does not fit: another optimizer, a slot missing or unknown, another shape, no typed arrays,
 * counts that are none. Parameters are among the arenas. Scalars kept on the host are the updater's to check.
 */
export function checkSavedState(owner: string, layout: Layout, saved: SavedState): void {
  checkSavedRun(owner, saved);
  checkNames(owner, "saved state", Object.keys(saved.state), Object.keys(layout));
  for (const [arena, shapes] of Object.entries(layout)) checkArena(owner, arena, shapes, saved.state[arena]);
  if (typeof saved.missed !== "object" || saved.missed === null) {
    throw new Error(`${owner}: the saved missed is ${String(saved.missed)}; expected numbers by parameter.`);
  }
  const names = Object.keys(layout[arenas.parameter] ?? {});
  checkNames(owner, "parameter with saved missed steps", Object.keys(saved.missed), names);
  for (const [name, steps] of Object.entries(saved.missed)) {
    if (isCount(steps) && steps <= saved.t) continue;
    throw new Error(
      `${owner}: the saved missed steps of "${name}" are ${String(steps)}; expected a whole number from 0 to ${saved.t}, the saved t.`,
    );
  }
}

/** Throws when what was saved is of another optimizer or does not say how far it came. */
export function checkSavedRun(
  owner: string,
  saved: { readonly optimizer: string; readonly t: number },
): void {
  if (saved.optimizer !== owner) {
    throw new Error(`${owner}: the saved state is of optimizer "${saved.optimizer}". Load it with that one.`);
  }
  if (isCount(saved.t)) return;
  throw new Error(`${owner}: the saved t is ${String(saved.t)}; expected a whole number from 0.`);
}

const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;

/** Throws when an arena's saved values do not fit: a name missing or unknown, another shape, no typed array. */
export function checkArena(
  owner: string,
  arena: string,
  shapes: Layout[string],
  saved: Readonly<Record<string, Data>> | undefined,
): void {
  for (const [name, shape] of Object.entries(shapes)) checkSaved(owner, arena, name, shape, saved?.[name]);
  checkNames(owner, `parameter with saved state "${arena}"`, Object.keys(saved ?? {}), Object.keys(shapes));
}

function checkSaved(owner: string, arena: string, name: string, shape: Shape, data: Data | undefined): void {
  if (data === undefined) {
    throw new Error(
      `${owner}: the saved state has no "${arena}" for "${name}". Was it saved for another model?`,
    );
  }
  const values: unknown = data?.data;
  if (
    !(values instanceof Float32Array || values instanceof Float64Array) ||
    !Array.isArray(data.shape as unknown)
  ) {
    throw new Error(
      `${owner}: saved state "${arena}" of "${name}": data is not a typed array with its shape; ` +
        "expected { data: Float32Array or Float64Array, shape }. JSON keeps no typed arrays; structuredClone does.",
    );
  }
  if (!sameShape(data.shape, shape) || data.data.length !== sizeOf(shape)) {
    throw new Error(
      `${owner}: saved state "${arena}" of "${name}" has shape ${formatShape(data.shape)}, ` +
        `expected ${formatShape(shape)}. Was it saved for another model?`,
    );
  }
}

/** A record like the layout, with a value for each slot. */
export function mapLayout<T>(
  layout: Layout,
  map: (arena: string, name: string, shape: Shape) => T,
): Record<string, Record<string, T>> {
  return Object.fromEntries(
    Object.entries(layout).map(([arena, slots]) => [
      arena,
      Object.fromEntries(Object.entries(slots).map(([name, shape]) => [name, map(arena, name, shape)])),
    ]),
  );
}
