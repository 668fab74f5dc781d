import {
  formatShape,
  type Layout,
  leaf,
  type Rule,
  type Setting,
  type Shape,
  slotKey,
  type Write,
} from "@downhill/core";
import { arenas, createUpdater, loadHostState, saveHostState, type Updater } from "@downhill/core/engine";
import { clone, type KernelBackend, type NamedTensorMap, type Tensor } from "@tensorflow/tfjs-core";
import { prepareUpdate } from "../update/paths.js";
import { tracedUpdate } from "../update/traced-update.js";
import type { PreparedUpdate, TracedUpdate } from "../update/update-path.js";
import { currentBackend } from "./backend.js";
import { findVariable, type Pair } from "./find-variables.js";
import { matchNames } from "./match-names.js";
import { missedBy, withOwnSteps } from "./own-steps.js";
import { Slots } from "./slots.js";

/** Sets of variables whose compiled updates are kept at hand: two networks that learn in turn have two. */
const KEPT = 8;

const loss = leaf("output", "value", []);

/** What is known of a variable. */
interface Known {
  readonly shape: Shape;
  /** Steps of the optimizer in which it had no gradient; its own t counts without them. */
  readonly missed: number;
}

/** A compiled update of a set of variables. */
interface Compiled {
  readonly update: PreparedUpdate;
  readonly needsLoss: boolean;
}

/** All that the next step of a rule depends on, besides the variables. */
export interface RuleState {
  readonly t: number;
  readonly variables: readonly ({ readonly name: string } & Known)[];
  /** Scalars kept on the host, in float64. */
  readonly host: Readonly<Record<string, number>>;
  readonly slots: readonly { readonly arena: string; readonly name: string; readonly tensor: Tensor }[];
}

/**
 * A rule at work on tfjs variables, which it gets to know when they first have a gradient: traces their update, has it
 * compiled for the backend, and keeps their state.
 */
export class RuleRun {
  readonly #rule: Rule<any>;
  readonly #seed: number;
  readonly #say: (why: string) => void;
  /** What the hyper-parameters are set to now. */
  readonly #settings: Readonly<Record<string, Setting>>;
  #known = new Map<string, Known>();
  /** Names under which state was loaded, until a variable turns up for it. */
  #unclaimed = new Set<string>();
  #slots = new Slots();
  #updater: Updater | undefined;
  #backend: KernelBackend | undefined;
  readonly #compiled = new Map<string, Compiled>();
  /** The set that the scalars on the host move for. */
  #tracedFor = "";
  #report: PreparedUpdate["report"] = {};
  #t = 0;

  constructor(
    rule: Rule<any>,
    settings: Readonly<Record<string, Setting>>,
    seed: number,
    say: (why: string) => void,
  ) {
    this.#rule = rule;
    this.#settings = settings;
    this.#seed = seed;
    this.#say = say;
  }

  /** Steps made. */
  get t(): number {
    return this.#t;
  }

  /** Which path each variable takes. */
  get report(): PreparedUpdate["report"] {
    return this.#report;
  }

  /** Makes a new setting known. */
  set(name: string, setting: Setting): void {
    this.#updater?.set(name, setting);
  }

  /** One update of the variables given. `value` is the loss that the gradients belong to. */
  step(pairs: ReadonlyMap<string, Pair>, value?: Tensor): void {
    if (pairs.size > 0) this.#update(pairs, value);
    for (const [name, known] of this.#known) {
      if (!pairs.has(name)) this.#known.set(name, { ...known, missed: known.missed + 1 });
    }
    this.#t++;
  }

  #update(pairs: ReadonlyMap<string, Pair>, value: Tensor | undefined): void {
    const { backend } = currentBackend(this.#rule.name);
    if (backend !== this.#backend) this.#forgetCompiled();
    this.#backend = backend;
    const updater = this.#meet(pairs);
    const { update, needsLoss } = this.#compile(updater, [...pairs.keys()]);
    if (needsLoss && !value) {
      throw new Error(
        `${this.#rule.name}: this rule uses the loss, which applyGradients does not get. Call minimize(f) instead.`,
      );
    }
    const scalars = updater.prepare(this.#t + 1);
    this.#start(updater, scalars);
    const tensors = this.#slots.tensors(this.#rule.name);
    for (const [name, { variable, gradient }] of pairs) {
      tensors.set(slotKey(arenas.parameter, name), variable);
      tensors.set(slotKey(arenas.gradient, name), gradient);
    }
    if (value) tensors.set(slotKey("output", "value"), value);
    update.run(tensors, scalars);
    updater.advance();
    this.#report = { ...this.#report, ...update.report };
  }

  /** Makes acquaintance with variables that are new, under the names of their loaded state if there is any. */
  #meet(pairs: ReadonlyMap<string, Pair>): Updater {
    const { name: owner } = this.#rule;
    const shapes = new Map([...pairs].map(([name, { variable }]) => [name, variable.shape]));
    for (const [name, shape] of shapes) {
      const known = this.#known.get(name);
      if (!known || this.#unclaimed.has(name) || String(known.shape) === String(shape)) continue;
      throw new Error(
        `${owner}: variable "${name}" has shape ${formatShape(shape)}, and had ${formatShape(known.shape)} in the steps before. ` +
          "Make a new optimizer for a new variable, or give it a name of its own. Nothing was changed.",
      );
    }
    const strangers = [...shapes].filter(([name]) => !this.#known.has(name) || this.#unclaimed.has(name));
    if (this.#updater && strangers.length === 0) return this.#updater;

    const waiting = [...this.#unclaimed].map((name) => ({ name, ...this.#known.get(name)! }));
    const matches = matchNames(
      owner,
      strangers.map(([name, shape]) => ({ name, shape })),
      waiting,
    );
    const newNames = new Map([...matches].map(([name, saved]) => [saved, name]));
    const known = new Map([...this.#known].map(([name, it]) => [newNames.get(name) ?? name, it]));
    for (const [name, shape] of strangers) if (!known.has(name)) known.set(name, { shape, missed: this.#t });
    // Throws for variables that the rule cannot work with.
    const updater = this.#createUpdater(known);
    const host = renameHost(
      this.#rule,
      this.#updater ? saveHostState(this.#updater) : {},
      newNames,
      this.#known,
    );
    loadHostState(this.#rule.name, updater, { ...saveHostState(updater), ...host });

    this.#slots.rename(newNames);
    for (const saved of newNames.keys()) this.#unclaimed.delete(saved);
    this.#known = known;
    this.#updater = updater;
    this.#forgetCompiled();
    return updater;
  }

  #createUpdater(known: ReadonlyMap<string, Known>): Updater {
    const rule = withOwnSteps({ ...this.#rule, settings: this.#settings }, [...known.keys()], (name) =>
      this.#isLate(name),
    );
    return createUpdater(
      rule,
      Object.fromEntries([...known].map(([name, { shape }]) => [name, shape])),
      this.#seed,
    );
  }

  #isLate(name: string): boolean {
    return (this.#known.get(name)?.missed ?? 0) > 0;
  }

  /** The compiled update of a set of variables, with their own counts of steps told to the updater. */
  #compile(updater: Updater, names: readonly string[]): Compiled {
    for (const name of names) {
      if (this.#isLate(name)) updater.set(missedBy(name), this.#known.get(name)!.missed);
    }
    const key = JSON.stringify(names.map((name) => [name, this.#isLate(name)]));
    let compiled = this.#compiled.get(key);
    if (compiled && this.#tracedFor === key) return compiled;

    // Traced anew for another set in any case: the scalars on the host are then those of this set.
    const parameters = names.map((name) => {
      const { shape } = this.#known.get(name)!;
      return [
        name,
        { parameter: leaf(arenas.parameter, name, shape), gradient: leaf(arenas.gradient, name, shape) },
      ];
    });
    const writes = updater.update(Object.fromEntries(parameters), loss);
    this.#tracedFor = key;
    if (!compiled) {
      const update = tracedUpdate({ writes, hostScalars: updater.hostScalars });
      compiled = { update: this.#prepare(update), needsLoss: "output" in update.layout };
    }
    this.#compiled.delete(key);
    this.#compiled.set(key, compiled);
    const [oldest] = this.#compiled.keys();
    if (this.#compiled.size > KEPT) this.#release(oldest!);
    return compiled;
  }

  #release(key: string): void {
    this.#compiled.get(key)?.update.dispose();
    this.#compiled.delete(key);
  }

  #forgetCompiled(): void {
    for (const key of [...this.#compiled.keys()]) this.#release(key);
    this.#tracedFor = "";
  }

  #prepare(update: TracedUpdate): PreparedUpdate {
    const { name, backend } = currentBackend(this.#rule.name);
    return prepareUpdate(update, name, backend, this.#say);
  }

  /** Gives state that is not there yet its first value. */
  #start(updater: Updater, scalars: Float64Array): void {
    const added = this.#slots.addMissing(updater.layout);
    const writes = updater.start.filter(({ arena, name }) => added.has(slotKey(arena, name)));
    if (writes.length > 0) this.#runOnce(updater, writes, this.#slots.tensors(this.#rule.name), scalars);
  }

  #runOnce(
    { hostScalars }: Updater,
    writes: readonly Write[],
    tensors: Map<string, Tensor>,
    scalars: Float64Array,
  ): void {
    const update = tracedUpdate({ writes, hostScalars });
    for (const name of Object.keys(update.layout[arenas.parameter] ?? {})) {
      tensors.set(slotKey(arenas.parameter, name), findVariable(this.#rule.name, name));
    }
    const prepared = this.#prepare(update);
    prepared.run(tensors, scalars);
    prepared.dispose();
  }

  /** The variables met so far. */
  get variables(): readonly string[] {
    return [...this.#known.keys()];
  }

  /** The points to evaluate and to keep, of a rule that trains others: new tensors by variable. */
  view(): NamedTensorMap | undefined {
    const updater = this.#updater;
    if (!updater?.view) return undefined;
    for (const [name, { missed }] of this.#known) updater.set(missedBy(name), missed);
    const views = new Slots();
    const shapes = updater.view.map(({ name, value }) => [name, value.shape]);
    views.addMissing({ [arenas.view]: Object.fromEntries(shapes) });
    const { name: owner } = this.#rule;
    const tensors = new Map([...this.#slots.tensors(owner), ...views.tensors(owner)]);
    this.#runOnce(updater, updater.view, tensors, updater.prepare(Math.max(1, this.#t)));
    const seen = updater.view.map(({ name }) => [name, clone(views.get(arenas.view, name) as Tensor)]);
    views.dispose();
    return Object.fromEntries(seen);
  }

  save(): RuleState {
    const layout = this.#updater?.layout ?? {};
    return {
      t: this.#t,
      variables: [...this.#known].map(([name, known]) => ({ name, ...known })),
      host: this.#updater ? saveHostState(this.#updater) : {},
      slots: Object.entries(layout).flatMap(([arena, shapes]) =>
        Object.keys(shapes)
          .filter((name) => this.#slots.has(arena, name))
          .map((name) => ({ arena, name, tensor: this.#slots.get(arena, name) })),
      ),
    };
  }

  /** Goes on from what was saved; throws, and changes nothing, if it is not this rule's. */
  load({ t, variables, host, slots }: RuleState): void {
    const known = new Map(variables.map(({ name, shape, missed }) => [name, { shape, missed }]));
    let updater: Updater | undefined;
    if (known.size > 0) {
      updater = this.#createUpdater(known);
      checkSlots(this.#rule.name, updater.layout, slots);
      loadHostState(this.#rule.name, updater, host);
    }
    this.#slots.dispose();
    this.#slots = new Slots();
    for (const { arena, name, tensor } of slots) this.#slots.add(arena, name, tensor);
    this.#known = known;
    this.#unclaimed = new Set(known.keys());
    this.#updater = updater;
    this.#forgetCompiled();
    this.#report = {};
    this.#t = t;
  }

  dispose(): void {
    this.#forgetCompiled();
    this.#slots.dispose();
  }
}

/** Scalars kept on the host, which are called `slot.variable`, under the variables' new names. */
function renameHost(
  rule: Rule<any>,
  host: Readonly<Record<string, number>>,
  newNames: ReadonlyMap<string, string>,
  known: ReadonlyMap<string, Known>,
): Record<string, number> {
  const renamed = { ...host };
  for (const [from, to] of newNames) {
    for (const slot of Object.keys(rule.slots({ name: from, shape: known.get(from)!.shape }))) {
      const [old, now] = [`${slot}.${from}`, `${slot}.${to}`];
      if (from === to || !(old in host)) continue;
      delete renamed[old];
      renamed[now] = host[old]!;
    }
  }
  return renamed;
}

function checkSlots(owner: string, layout: Layout, slots: RuleState["slots"]): void {
  const given = new Map(slots.map(({ arena, name, tensor }) => [slotKey(arena, name), tensor]));
  const wrong = (name: string, what: string): never => {
    throw new Error(
      `${owner}: the weights loaded ${what} for variable "${name}". Were they saved by the same optimizer, ` +
        "with the same options? Nothing was changed.",
    );
  };
  for (const [arena, shapes] of Object.entries(layout)) {
    for (const [name, shape] of Object.entries(shapes)) {
      const tensor = given.get(slotKey(arena, name));
      if (!tensor) wrong(name, `have no state "${arena}"`);
      else if (String(tensor.shape) !== String(shape) || tensor.dtype !== "float32") {
        wrong(
          name,
          `have a state "${arena}" of ${tensor.dtype} ${formatShape(tensor.shape)}, not float32 ${formatShape(shape)},`,
        );
      }
      given.delete(slotKey(arena, name));
    }
  }
  const [extra] = given.keys();
  if (extra !== undefined) wrong(extra.slice(extra.indexOf(":") + 1), `have a state "${extra}" too many`);
}
