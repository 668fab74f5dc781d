import type { Shape } from "../expr/shape.js";
import { formatShape, sameShape } from "../expr/shape.js";
import { hostScalar, leaf, type Tensor } from "../expr/tensor.js";
import { topologicalOrder } from "../program/graph.js";
import { type Layout, slotKey, type Write } from "../program/program.js";
import { mapValues } from "../record/map-values.js";
import { applyChange } from "./compose.js";
import type { Hypers, Rule, State } from "./optimizer.js";
import type { Slot } from "./slot.js";

/** Shapes by parameter name. */
export type Shapes = Readonly<Record<string, Shape>>;

/** One parameter as the loss sees it, with its gradient. */
export interface TracedParameter {
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  /** Steps of the run in which this parameter was frozen; its own t counts without them. */
  readonly missed?: number;
}

/** Names of the arenas that optimizers use. */
export const arenas = {
  parameter: "parameter",
  gradient: "gradient",
  /** Points to evaluate, of rules with a view. */
  view: "view",
  /** Scalars of the run that are computed on the device. */
  run: "run",
  /** One arena for each state of the parameters. */
  state: (slot: string) => `state.${slot}`,
} as const;

/** The slots of an arena that holds something for each parameter. */
export function leaves(arena: string, shapes: Shapes): Record<string, Tensor> {
  return mapValues(shapes, (shape, name) => leaf(arena, name, shape));
}

/** Each parameter with its gradient, both in memory. */
export function parameterLeaves(shapes: Shapes): Record<string, TracedParameter> {
  const gradients = leaves(arenas.gradient, shapes);
  return mapValues(leaves(arenas.parameter, shapes), (parameter, name) => ({
    parameter,
    gradient: gradients[name]!,
  }));
}

/** A rule's update of all its parameters as one expression. */
export interface TracedUpdate {
  readonly writes: readonly Write[];
  /** Next values of the scalars, of the run or of a parameter, that depend on host scalars alone: kept on the host. */
  readonly hostState: Readonly<Record<string, Tensor>>;
}

/** Memory for a rule's state. */
export function stateLayout(rule: Rule<any>, shapes: Shapes, hostState: readonly string[]): Layout {
  const layout: Record<string, Record<string, Shape>> = {};
  for (const { arena, name, value } of traceStart(rule, shapes, hostState)) {
    layout[arena] ??= {};
    layout[arena][name] = value.shape;
  }
  return layout;
}

/** The state before the first update. */
export function traceStart(rule: Rule<any>, shapes: Shapes, hostState: readonly string[]): Write[] {
  const writes = new Map<string, Write>();
  for (const { key, write } of allStates(rule, shapes)) {
    if (!hostState.includes(key)) writes.set(slotKey(write.arena, write.name), write);
  }
  return [...writes.values()];
}

/** The scalars, of the run and of parameters, that could be kept on the host. */
export function hostCandidates(rule: Rule<any>, shapes: Shapes): StateOf[] {
  return allStates(rule, shapes).filter(({ host, write }) => host?.isOnHost(write.value));
}

/** One state of one parameter, or of the run. */
export interface StateOf extends Pick<Slot, "host"> {
  readonly slot: string;
  /** What it is called if it is kept on the host: `product.w` for that of parameter w, `count` for one of the run. */
  readonly key: string;
  /** Sets it to its first value. */
  readonly write: Write;
}

function allStates(rule: Rule<any>, shapes: Shapes): StateOf[] {
  return Object.entries(shapes).flatMap(([name, shape]) => statesOf(rule, name, shape));
}

function statesOf(rule: Rule<any>, name: string, shape: Shape): StateOf[] {
  const start = { parameter: leaf(arenas.parameter, name, shape), hyper: hyperScalars(rule) };
  return Object.entries(rule.slots({ name, shape })).map(([slot, { init, per, host }]) => {
    const value = init(start);
    if (per === "element" && !sameShape(value.shape, shape)) {
      throw new Error(
        `${rule.name}: state "${slot}" starts with shape ${formatShape(value.shape)}, ` +
          `parameter "${name}" has ${formatShape(shape)}. Declare the state per: "tensor".`,
      );
    }
    return {
      slot,
      ...(host && { host }),
      key: per === "run" ? slot : `${slot}.${name}`,
      write:
        per === "run" ? { arena: arenas.run, name: slot, value } : { arena: arenas.state(slot), name, value },
    };
  });
}

/** States as an update sees them: in memory, or on the host. */
function oldState(states: readonly StateOf[], onHost: readonly string[]): State {
  return Object.fromEntries(
    states.map(({ slot, key, write: { arena, name, value } }) => [
      slot,
      onHost.includes(key) ? hostScalar(`state.${key}`) : leaf(arena, name, value.shape),
    ]),
  );
}

/** Traces one update of every parameter given. */
export function traceUpdate(
  rule: Rule<any>,
  parameters: Readonly<Record<string, TracedParameter>>,
  value: Tensor,
): TracedUpdate {
  const shapes = mapValues(parameters, ({ parameter }) => parameter.shape);
  // A scalar is kept on the host unless its next value turns out to need the device.
  for (let onHost = hostCandidates(rule, shapes); ; ) {
    const keys = onHost.map(({ key }) => key);
    const traced = traceWith(rule, parameters, value, keys);
    const stays = onHost.filter(({ key, host }) => host!.isOnHost(traced.hostState[key]!));
    if (stays.length === onHost.length) return traced;
    onHost = stays;
  }
}

/** The points to evaluate; the parameters themselves for a rule without a view. */
export function traceView(rule: Rule<any>, shapes: Shapes, hostState: readonly string[]): Write[] {
  return Object.entries(leaves(arenas.parameter, shapes)).map(([name, parameter]) => {
    const state = oldState(statesOf(rule, name, parameter.shape), hostState);
    const value =
      rule.view?.({ name, parameter, t: hostScalar("t"), state }, hyperScalars(rule)) ?? parameter;
    return { arena: arenas.view, name, value };
  });
}

function traceWith(
  rule: Rule<any>,
  parameters: Readonly<Record<string, TracedParameter>>,
  value: Tensor,
  onHost: readonly string[],
): TracedUpdate {
  const hyper = hyperScalars(rule);
  const traces = Object.entries(parameters).map(([name, { parameter, gradient, missed = 0 }]) => {
    if (!sameShape(parameter.shape, gradient.shape)) {
      throw new Error(
        `${rule.name}: parameter "${name}" has shape ${formatShape(parameter.shape)}, ` +
          `its gradient ${formatShape(gradient.shape)}; they must be equal.`,
      );
    }
    const t = missed === 0 ? hostScalar("t") : hostScalar("t").sub(missed);
    const states = statesOf(rule, name, parameter.shape);
    const state = oldState(states, onHost);
    const context = { name, parameter, gradient, t, value, key: hostScalar("key"), state };
    const { change, state: next } = rule.update(context, hyper);
    return { name, parameter, states, next: { ...next, parameter: applyChange(parameter, change) } };
  });
  const updates = traces.map(({ next }): State & { readonly parameter: Tensor } => next);
  const nodes = topologicalOrder(updates.flatMap((update) => Object.values(update)));
  const joined = nodes.find(({ row }) => row.join)?.row.join?.(updates) ?? updates;
  const writes = new Map<string, Write>();
  const write = (arena: string, name: string, value: Tensor) =>
    writes.set(slotKey(arena, name), { arena, name, value });
  const hostState: Record<string, Tensor> = {};
  traces.forEach(({ name, parameter, states }, i) => {
    const next = joined[i]!;
    checkShape(rule, name, "parameter", next.parameter!, parameter.shape);
    write(arenas.parameter, name, next.parameter!);
    for (const { slot, key, write: first } of states) {
      const { shape } = first.value;
      const value = next[slot]!.shape.length < shape.length ? next[slot]!.broadcastTo(shape) : next[slot]!;
      checkShape(rule, name, `state "${slot}"`, value, shape);
      if (onHost.includes(key)) hostState[key] = value;
      else write(first.arena, first.name, value);
    }
  });
  return { writes: [...writes.values()], hostState };
}

function checkShape(rule: Rule<any>, name: string, what: string, value: Tensor, shape: Shape): void {
  if (sameShape(value.shape, shape)) return;
  throw new Error(
    `${rule.name}: the update of "${name}" gives ${what} the shape ${formatShape(value.shape)}; ` +
      `expected ${formatShape(shape)}.`,
  );
}

function hyperScalars(rule: Rule<any>): State {
  return mapValues(rule.hyper as Hypers, (_, name) => hostScalar(name));
}
