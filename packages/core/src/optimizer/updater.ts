import { leaf, type Tensor } from "../expr/tensor.js";
import type { Operator } from "../operators/operator.js";
import { topologicalOrder } from "../program/graph.js";
import type { Layout, Write } from "../program/program.js";
import { checkHyper } from "./hyper.js";
import type { Hypers, Rule } from "./optimizer.js";
import { type Setting, valueAt } from "./schedule.js";
import {
  hostCandidates,
  parameterLeaves,
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
  /** Values of the hyper-parameters for the update with number `t`; the same record as long as none changes. */
  hyperAt(t: number): Readonly<Record<string, number>>;
  /** Sets a hyper-parameter for all steps from now on. */
  set(name: string, setting: Setting): void;
  /** Scalars of the state that are kept on the host: `values` are live. */
  readonly hostState: { readonly names: readonly string[]; readonly values: Float64Array };
}

export function createUpdater(rule: Rule<any>, shapes: Shapes, seed = 0): Updater {
  rule.check?.(Object.entries(shapes).map(([name, shape]) => ({ name, shape })));
  const hyper = rule.hyper as Hypers;
  const names = Object.keys(hyper);
  // By number: a look-up by name costs a small step a tenth of its time.
  const settings = names.map((name) => (rule.settings as Record<string, Setting>)[name]!);
  // A dry trace with gradients of the right shape tells which scalars of the run stay on the host.
  const dry = traceUpdate(rule, parameterLeaves(shapes), leaf("output", "value", []));
  const hostState = Object.keys(dry.hostState);
  const hostScalars = ["t", "key", ...names, ...hostState.map((slot) => `state.${slot}`)];
  const scalars = new Float64Array(hostScalars.length);
  /** Makes the keys for noise, if the update draws some. */
  let stepKey: Operator["stepKey"];
  const hyperValue = (i: number, t: number): number => {
    const setting = settings[i]!;
    if (typeof setting === "number") return setting;
    const name = names[i]!;
    return checkHyper(
      rule.name,
      name,
      hyper[name]!,
      valueAt(setting, t - 1),
      ` at step ${t - 1} of its schedule`,
    );
  };
  let latest: Readonly<Record<string, number>> = {};
  const prepare = (t: number): Float64Array => {
    scalars[0] = t;
    if (stepKey) scalars[1] = stepKey(seed, t);
    for (let i = 0; i < names.length; i++) scalars[2 + i] = hyperValue(i, t);
    return scalars;
  };
  const state = scalars.subarray(2 + names.length);
  const candidates = hostCandidates(rule, shapes);
  const start = hostState.map((name) => candidates.find(({ key }) => key === name)!.write.value);
  const evaluator = candidates[0]?.host?.evaluator ?? (() => () => []);
  state.set(evaluator(start, hostScalars)(prepare(1)));
  /** Places of the scalars kept on the host that the last traced update moves, and how. */
  let moving = hostState.map((_, i) => i);
  let nextState = evaluator(Object.values(dry.hostState), hostScalars);
  return {
    layout: stateLayout(rule, shapes, hostState),
    start: traceStart(rule, shapes, hostState),
    view: rule.view && traceView(rule, shapes, hostState),
    hostScalars,
    hostState: { names: hostState, values: state },
    update(parameters, value) {
      const { writes, hostState: moved } = traceUpdate(rule, parameters, value);
      // Those of frozen parameters stand still, as everything of theirs.
      moving = Object.keys(moved).map((key) => hostState.indexOf(key));
      nextState = evaluator(Object.values(moved), hostScalars);
      stepKey ??= topologicalOrder(writes.map((write) => write.value)).find(({ row }) => row.stepKey)?.row
        .stepKey;
      return writes;
    },
    prepare,
    advance() {
      if (moving.length === 0) return;
      const next = nextState(scalars);
      for (let i = 0; i < moving.length; i++) state[moving[i]!] = next[i]!;
    },
    hyperAt(t) {
      // Asked for at every step that a reporter hears of, the smallest of which take microseconds.
      let values: Record<string, number> | undefined;
      for (let i = 0; i < names.length; i++) {
        const value = hyperValue(i, t);
        if (latest[names[i]!] !== value) (values ??= { ...latest })[names[i]!] = value;
      }
      return values ? (latest = values) : latest;
    },
    set(name, setting) {
      settings[names.indexOf(name)] =
        typeof setting === "number" ? checkHyper(rule.name, name, hyper[name]!, setting) : setting;
    },
  };
}
