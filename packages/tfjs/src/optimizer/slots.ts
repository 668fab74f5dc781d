import { type Layout, slotKey } from "@downhill/core";
import { arenas } from "@downhill/core/engine";
import { engine, type Tensor, tidy, type Variable, variable, zeros } from "@tensorflow/tfjs-core";

/** An optimizer's own tensors, by arena and name of core's layout: variables that nobody trains. */
export class Slots {
  readonly #variables = new Map<string, Variable>();

  has(arena: string, name: string): boolean {
    return this.#variables.has(slotKey(arena, name));
  }

  get(arena: string, name: string): Variable {
    return this.#variables.get(slotKey(arena, name))!;
  }

  /** Makes a slot with the tensor's numbers, which it shares until one of the two changes. */
  add(arena: string, name: string, value: Tensor): void {
    this.#variables.set(slotKey(arena, name), variable(value, false));
  }

  /** Every slot by its key. Throws when one was disposed of by someone else. */
  tensors(owner: string): Map<string, Tensor> {
    for (const [key, slot] of this.#variables) {
      if (isThere(slot)) continue;
      throw new Error(
        `${owner}: the state "${key}" was disposed of, as tf.disposeVariables() does with all variables. ` +
          "Make a new optimizer. Nothing was changed.",
      );
    }
    return new Map(this.#variables);
  }

  /** Makes the slots of a layout that are not there yet, with zeros in them; returns their keys. */
  addMissing(layout: Layout): ReadonlySet<string> {
    const added = new Set<string>();
    for (const [arena, shapes] of Object.entries(layout)) {
      for (const [name, shape] of Object.entries(shapes)) {
        if (this.has(arena, name)) continue;
        tidy(() => this.add(arena, name, zeros([...shape])));
        added.add(slotKey(arena, name));
      }
    }
    return added;
  }

  /** Gives the slots of variables to others, all at once. */
  rename(newNames: ReadonlyMap<string, string>): void {
    const renamed = [...this.#variables].map(([key, slot]): [string, Variable] => {
      const at = key.indexOf(":");
      const [arena, name] = [key.slice(0, at), key.slice(at + 1)];
      return [arena === arenas.run ? key : slotKey(arena, newNames.get(name) ?? name), slot];
    });
    this.#variables.clear();
    for (const [key, slot] of renamed) this.#variables.set(key, slot);
  }

  dispose(): void {
    for (const slot of this.#variables.values()) if (isThere(slot)) slot.dispose();
    this.#variables.clear();
  }
}

/** Not so after tf.disposeVariables(), which does not tell the variables. */
function isThere(slot: Variable): boolean {
  return engine().registeredVariables[slot.name] === slot;
}
