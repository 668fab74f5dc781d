import { leaf, type Tensor } from "../expr/tensor.js";
import { topologicalOrder } from "../program/graph.js";
import type { Layout, Write } from "../program/program.js";
import { forkKey } from "../random/index.js";
import { hostEvaluator } from "./host.js";
import { checkHyper, checkNames } from "./hyper.js";
import type { Hypers, Rule } from "./optimizer.js";
import { type Setting, valueAt } from "./schedule.js";
import {
  arenas,
  hostCandidates,
  type Shapes,
  stateLayout,
  type TracedParameter,
  traceStart,
  traceUpdate,
  traceView,
} from "./trace.js";

/**
 * A rule bound to parameters: what to add to a program so that it updates them, the memory for it, and the host
 * scalars of each step. Drivers own the program and the loop.
 */
export interface Updater {
  /** Memory for the state, beside the parameters. */
  readonly layout: Layout;
  /** Writes that set the state before the first update. */
  readonly start: readonly Write[];
  /** Writes that put the points to evaluate into the `view` arena; undefined for a rule that has no view. */
  readonly view: readonly Write[] | undefined;
  /** Names of the host scalars, the order in which `prepare` fills them. */
  readonly hostScalars: readonly string[];
  /** Writes of one update of the parameters given. */
  update(parameters: Readonly<Record<string, TracedParameter>>, value: Tensor): readonly Write[];
  /** Fills the host scalars for the update with number `t` (1, 2, …). Throws when a schedule leaves its range. */
  prepare(t: number): Float64Array;
  /** To be called after the update with number `t`: moves the scalars kept on the host. */
  advance(): void;
  /** Values of the hyper-parameters for the update with number `t`. */
  hyperAt(t: number): Record<string, number>;
  /** Sets a hyper-parameter for all steps from now on. */
  set(name: string, setting: Setting): void;
  /** Scalars kept on the host, for checkpoints. */
  saveHostState(): Record<string, number>;
  /** Goes on from saved scalars; throws, and changes nothing, unless they are exactly those that `saveHostState` gives. */
  loadHostState(state: Readonly<Record<string, number>>): void;
}

export function createUpdater(rule: Rule<any>, shapes: Shapes, seed = 0): Updater {
  rule.check?.(Object.entries(shapes).map(([name, shape]) => ({ name, shape })));
  const hyper = rule.hyper as Hypers;
  const settings: Record<string, Setting> = { ...(rule.settings as Record<string, Setting>) };
  const names = Object.keys(hyper);
  // A dry trace with gradients of the right shape tells which scalars of the run stay on the host.
  const dry = traceUpdate(
    rule,
    Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [
        name,
        { parameter: leaf(arenas.parameter, name, shape), gradient: leaf(arenas.gradient, name, shape) },
      ]),
    ),
    leaf("output", "value", []),
  );
  const hostState = Object.keys(dry.hostState);
  const hostScalars = ["t", "key", ...names, ...hostState.map((slot) => `state.${slot}`)];
  const scalars = new Float64Array(hostScalars.length);
  let drawsNoise = false;
  const hyperValue = (name: string, t: number): number => {
    const setting = settings[name]!;
    if (typeof setting === "number") return setting;
    return checkHyper(
      rule.name,
      name,
      hyper[name]!,
      valueAt(setting, t - 1),
      ` at step ${t - 1} of its schedule`,
    );
  };
  const prepare = (t: number): Float64Array => {
    scalars[0] = t;
    if (drawsNoise) scalars[1] = forkKey(seed, "step", t);
    for (let i = 0; i < names.length; i++) scalars[2 + i] = hyperValue(names[i]!, t);
    return scalars;
  };
  const state = scalars.subarray(2 + names.length);
  const first = hostCandidates(rule, shapes);
  const start = hostState.map((key) => first[key]!);
  state.set(hostEvaluator(start, hostScalars)(prepare(1)));
  /** Places of the scalars kept on the host that the last traced update moves, and how. */
  let moving = hostState.map((_, i) => i);
  let nextState = hostEvaluator(Object.values(dry.hostState), hostScalars);
  return {
    layout: stateLayout(rule, shapes, hostState),
    start: traceStart(rule, shapes, hostState),
    view: rule.view && traceView(rule, shapes, hostState),
    hostScalars,
    update(parameters, value) {
      const { writes, hostState: moved } = traceUpdate(rule, parameters, value);
      // Those of frozen parameters stand still, as everything of theirs.
      moving = Object.keys(moved).map((key) => hostState.indexOf(key));
      nextState = hostEvaluator(Object.values(moved), hostScalars);
      drawsNoise ||= topologicalOrder(writes.map((write) => write.value)).some(
        (node) => node.op === "hostScalar" && node.attributes.name === "key",
      );
      return writes;
    },
    prepare,
    advance() {
      if (moving.length === 0) return;
      const next = nextState(scalars);
      for (let i = 0; i < moving.length; i++) state[moving[i]!] = next[i]!;
    },
    hyperAt: (t) => Object.fromEntries(names.map((name) => [name, hyperValue(name, t)])),
    set(name, setting) {
      settings[name] =
        typeof setting === "number" ? checkHyper(rule.name, name, hyper[name]!, setting) : setting;
    },
    saveHostState: () => Object.fromEntries(hostState.map((key, i) => [key, state[i]!])),
    loadHostState(saved) {
      checkNames(rule.name, "saved host scalar", Object.keys(saved ?? {}), hostState);
      for (const key of hostState) {
        const value: unknown = saved?.[key];
        if (typeof value === "number") continue;
        throw new Error(
          `${rule.name}: the saved host scalar "${key}" is ${String(value)}; expected a number.`,
        );
      }
      state.set(hostState.map((key) => saved[key]!));
    },
  };
}
