import { formatShape, type Shape, sameShape, sizeOf } from "../expr/shape.js";
import type { Data } from "../program/data.js";
import type { Floats, Layout } from "../program/program.js";
import { checkNames } from "./hyper.js";

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

/** Throws when saved state does not fit: another optimizer, a slot missing or unknown, another shape. */
export function checkSavedState(owner: string, layout: Layout, saved: SavedState): void {
  if (saved.optimizer !== owner) {
    throw new Error(`${owner}: the saved state is of optimizer "${saved.optimizer}". Load it with that one.`);
  }
  checkNames(owner, "saved state", Object.keys(saved.state), Object.keys(layout));
  mapLayout(layout, (arena, name, shape) =>
    checkSaved(owner, arena, name, shape, saved.state[arena]?.[name]),
  );
  for (const [arena, slots] of Object.entries(saved.state)) {
    checkNames(
      owner,
      `parameter with saved state "${arena}"`,
      Object.keys(slots),
      Object.keys(layout[arena]!),
    );
  }
}

function checkSaved(owner: string, arena: string, name: string, shape: Shape, data: Data | undefined): void {
  if (data === undefined) {
    throw new Error(
      `${owner}: the saved state has no "${arena}" for "${name}". Was it saved for another model?`,
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
