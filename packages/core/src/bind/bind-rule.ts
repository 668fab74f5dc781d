import type { Engine, Kernel } from "../engine/engine.js";
import { leaf } from "../expr/tensor.js";
import { loadHostState, saveHostState } from "../optimizer/host-state.js";
import { checkNames } from "../optimizer/hyper.js";
import type { Hypers, Rule } from "../optimizer/optimizer.js";
import { checkSavedState, mapLayout, readArenas, type SavedState } from "../optimizer/saved-state.js";
import type { Setting } from "../optimizer/schedule.js";
import { checkSavedHyper } from "../optimizer/settings.js";
import { arenas, type Shapes } from "../optimizer/trace.js";
import { createUpdater } from "../optimizer/updater.js";
import type { Data } from "../program/data.js";
import { topologicalOrder } from "../program/graph.js";
import { asArrays, likeGiven } from "./arrays.js";
import type { Arrays } from "./bind.js";

/** An optimizer bound to parameters; its arrays are live. */
export interface Stepper<P, H> {
  /**
   * The parameters: views that each step changes. Write to them to change them yourself. The first step after `freeze`,
   * `thaw` or `load` may replace the views: take them from the stepper anew, do not keep them.
   */
  readonly parameters: Readonly<P>;
  /** Where the gradients go before a step. Views as `parameters` are, which `freeze`, `thaw` and `load` may replace. */
  readonly gradients: Readonly<P>;
  /** Current hyper-parameters; set one to change it from the next step on. */
  readonly hyper: { -readonly [K in keyof H]: number };
  /** Updates made. */
  readonly t: number;
  /** What the engine has to say: a fallback taken, an option that changes bits. Sentences; empty when all is plain. */
  readonly notes: readonly string[];
  /** Makes one update with the gradients as they are. `value` is the loss, for rules that use it. */
  step(options?: { readonly value?: number }): void;
  /** The parameters to evaluate and keep: a copy, of the rule's view where it has one. */
  view(): Readonly<P>;
  /** Leaves parameters out of updates until they are thawed; their state and their t stand still. */
  freeze(...names: readonly (keyof P & string)[]): void;
  thaw(...names: readonly (keyof P & string)[]): void;
  /** Parameters, state and hyper-parameters set since the stepper was bound, copied. */
  save(): Saved;
  /**
   * Goes on from what was saved; throws, and changes nothing, if it does not fit. Hyper-parameters that were not set
   * before saving stay as they are here. Noise goes on the same with the same `seed`.
   */
  load(saved: Saved): void;
  dispose(): void;
}

/** What a stepper saves: plain data. */
export interface Saved extends SavedState {
  readonly parameters: Readonly<Record<string, Data>>;
  /** Hyper-parameters set to numbers on the stepper; absent if none were. Settings of the rule itself are not saved. */
  readonly hyper?: Readonly<Record<string, number>>;
}

export function bindRule<H>(
  rule: Rule<H>,
  given: Arrays,
  engine: Engine<"sync">,
  seed = 0,
): Stepper<Arrays, H> {
  const { data: start, dtype } = asArrays(given);
  const shapes: Shapes = Object.fromEntries(Object.entries(start).map(([name, { shape }]) => [name, shape]));
  const names = Object.keys(shapes);
  const updater = createUpdater(rule, shapes, seed);
  const session = engine.open(
    {
      [arenas.parameter]: shapes,
      [arenas.gradient]: shapes,
      [arenas.view]: updater.view ? shapes : {},
      ...updater.layout,
      output: { value: [] },
    },
    dtype,
  );
  const { hostScalars } = updater;
  for (const [name, { data }] of Object.entries(start)) session.write(arenas.parameter, name, data);
  session.load({ writes: updater.start, hostScalars }).run(updater.prepare(1));
  const viewKernel = updater.view && session.load({ writes: updater.view, hostScalars });

  let t = 0;
  /** Hyper-parameters set live, for saves; schedules are not saved. */
  const changed: Record<string, number> = {};
  const setHyper = (name: string, setting: Setting) => {
    updater.set(name, setting);
    if (typeof setting === "number") changed[name] = setting;
    else delete changed[name];
  };
  const hyper = {};
  for (const name of Object.keys(rule.hyper as Hypers)) {
    Object.defineProperty(hyper, name, {
      enumerable: true,
      get: () => updater.hyperAt(t + 1)[name],
      set: (value: number) => setHyper(name, value),
    });
  }
  let needsValue = false;
  const frozenAt = new Map<string, number>();
  const missed: Record<string, number> = {};
  let kernel: Kernel<"sync"> | undefined;
  const compile = (): Kernel<"sync"> => {
    const active = names.filter((name) => !frozenAt.has(name));
    const traced = active.map((name) => [
      name,
      {
        parameter: leaf(arenas.parameter, name, shapes[name]!),
        gradient: leaf(arenas.gradient, name, shapes[name]!),
        missed: missed[name] ?? 0,
      },
    ]);
    const value = leaf("output", "value", []);
    const writes = updater.update(Object.fromEntries(traced), value);
    needsValue = topologicalOrder(writes.map((write) => write.value)).includes(value);
    return session.load({ writes, hostScalars });
  };
  kernel = compile();
  const viewsOf = (arena: string) =>
    Object.fromEntries(
      names.map((name) => [name, likeGiven(given[name]!, session.view(arena, name), shapes[name]!)]),
    );
  // A load may move the memory, so views are taken anew after one.
  const liveViews = () => ({
    parameters: filledOnly(rule.name, "parameters", viewsOf(arenas.parameter)),
    gradients: filledOnly(rule.name, "gradients", viewsOf(arenas.gradient)),
  });
  let live = liveViews();

  return {
    get parameters() {
      return live.parameters;
    },
    get gradients() {
      return live.gradients;
    },
    hyper: Object.preventExtensions(hyper) as Stepper<Arrays, H>["hyper"],
    get t() {
      return t;
    },
    get notes() {
      return session.notes;
    },
    step({ value } = {}) {
      if (kernel === undefined) {
        kernel = compile();
        live = liveViews();
      }
      if (needsValue && value === undefined) {
        throw new Error(`${rule.name}: this rule uses the loss; call step({ value }) with it.`);
      }
      if (value !== undefined) session.view("output", "value")[0] = value;
      kernel.run(updater.prepare(t + 1));
      t++;
      updater.advance();
    },
    view() {
      if (viewKernel) viewKernel.run(updater.prepare(Math.max(1, t)));
      const arena = viewKernel ? arenas.view : arenas.parameter;
      return Object.fromEntries(
        names.map((name) => [name, likeGiven(given[name]!, session.read(arena, name), shapes[name]!)]),
      );
    },
    freeze(...list) {
      checkNames("freeze", "parameter", list, names);
      for (const name of list) if (!frozenAt.has(name)) frozenAt.set(name, t);
      kernel = undefined;
    },
    thaw(...list) {
      checkNames("thaw", "parameter", list, names);
      for (const name of list) {
        const since = frozenAt.get(name);
        if (since === undefined) continue;
        missed[name] = (missed[name] ?? 0) + t - since;
        frozenAt.delete(name);
      }
      kernel = undefined;
    },
    save: () => ({
      optimizer: rule.name,
      t,
      parameters: readArenas({ [arenas.parameter]: shapes }, session.read)[arenas.parameter]!,
      state: readArenas(updater.layout, session.read),
      host: saveHostState(updater),
      missed: {
        ...missed,
        ...Object.fromEntries([...frozenAt].map(([name, since]) => [name, (missed[name] ?? 0) + t - since])),
      },
      ...(Object.keys(changed).length > 0 && { hyper: { ...changed } }),
    }),
    load(saved) {
      checkSavedState(
        rule.name,
        { ...updater.layout, [arenas.parameter]: shapes },
        {
          ...saved,
          state: { ...saved.state, [arenas.parameter]: saved.parameters },
        },
      );
      const savedHyper = saved.hyper ?? {};
      checkSavedHyper(rule.name, rule.hyper as Hypers, savedHyper);
      // The last that can fail; from here on all of it fits.
      loadHostState(rule.name, updater, saved.host);
      mapLayout(updater.layout, (arena, name) => session.write(arena, name, saved.state[arena]![name]!.data));
      for (const name of names) session.write(arenas.parameter, name, saved.parameters[name]!.data);
      for (const [name, value] of Object.entries(savedHyper)) setHyper(name, value);
      t = saved.t;
      for (const name of names) delete missed[name];
      Object.assign(missed, saved.missed);
      for (const name of frozenAt.keys()) frozenAt.set(name, t);
      kernel = undefined;
    },
    dispose: () => session.dispose(),
  };
}

/** Views under names that cannot be given other arrays, which the stepper would not see. */
function filledOnly(rule: string, kind: string, views: Arrays): Arrays {
  const names = Object.keys(views);
  const own = Object.fromEntries(
    names.map((name): [string, PropertyDescriptor] => [
      name,
      {
        enumerable: true,
        get: () => views[name],
        set() {
          const path = "shape" in views[name]! ? `${name}.data` : name;
          throw new TypeError(
            `${rule}: ${kind}.${name} cannot be replaced; fill it: stepper.${kind}.${path}.set(numbers).`,
          );
        },
      },
    ]),
  );
  for (const name of names) if ("shape" in views[name]!) Object.freeze(views[name]);
  return Object.preventExtensions(Object.defineProperties({}, own)) as Arrays;
}
