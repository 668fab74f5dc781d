import type { Shape } from "../expr/shape.js";
import { formatShape, sameShape } from "../expr/shape.js";
import { hostScalar, leaf, type Tensor } from "../expr/tensor.js";
import type { Layout, Write } from "../program/program.js";
import { resolveAcross } from "./across-parameters.js";
import { applyChange } from "./compose.js";
import { isOnHost } from "./host.js";
import type { Change, Hypers, Rule, State } from "./optimizer.js";

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
  const hyper = hyperScalars(rule);
  for (const [name, shape] of Object.entries(shapes)) {
    const parameter = leaf(arenas.parameter, name, shape);
    for (const [slot, { init, per }] of Object.entries(rule.slots({ name, shape }))) {
      if (hostState.includes(scalarKey(slot, per, name))) continue;
      const [arena, key] = per === "run" ? [arenas.run, slot] : [arenas.state(slot), name];
      const value = init({ parameter, hyper });
      if (per === "element" && !sameShape(value.shape, shape)) {
        throw new Error(
          `${rule.name}: state "${slot}" starts with shape ${formatShape(value.shape)}, ` +
            `parameter "${name}" has ${formatShape(shape)}. Declare the state per: "tensor".`,
        );
      }
      writes.set(`${arena}:${key}`, { arena, name: key, value });
    }
  }
  return [...writes.values()];
}

/** First values of the scalars, of the run and of parameters, that could be kept on the host. */
export function hostCandidates(rule: Rule<any>, shapes: Shapes): Readonly<Record<string, Tensor>> {
  const found: Record<string, Tensor> = {};
  const hyper = hyperScalars(rule);
  for (const [name, shape] of Object.entries(shapes)) {
    for (const [slot, { init, per }] of Object.entries(rule.slots({ name, shape }))) {
      if (per === "element") continue;
      const first = init({ parameter: leaf(arenas.parameter, name, shape), hyper });
      if (first.shape.length === 0 && isOnHost(first)) found[scalarKey(slot, per, name)] = first;
    }
  }
  return found;
}

/** What a scalar kept on the host is called: `product.w` for that of parameter w, `count` for one of the run. */
function scalarKey(slot: string, per: "element" | "tensor" | "run", parameter: string): string {
  return per === "run" ? slot : `${slot}.${parameter}`;
}

/** Traces one update of every parameter given. */
export function traceUpdate(
  rule: Rule<any>,
  parameters: Readonly<Record<string, TracedParameter>>,
  value: Tensor,
): TracedUpdate {
  const shapes = Object.fromEntries(Object.entries(parameters).map(([k, p]) => [k, p.parameter.shape]));
  // A scalar is kept on the host unless its next value turns out to need the device.
  for (let onHost = Object.keys(hostCandidates(rule, shapes)); ; ) {
    const traced = traceWith(rule, parameters, value, onHost);
    const stays = onHost.filter((key) => isOnHost(traced.hostState[key]!));
    if (stays.length === onHost.length) return traced;
    onHost = stays;
  }
}

/** The points to evaluate; the parameters themselves for a rule without a view. */
export function traceView(rule: Rule<any>, shapes: Shapes, hostState: readonly string[]): Write[] {
  return Object.entries(shapes).map(([name, shape]) => {
    const parameter = leaf(arenas.parameter, name, shape);
    const state = stateLeaves(rule, name, shape, hostState);
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
    const state = stateLeaves(rule, name, parameter.shape, onHost);
    const context = { name, parameter, gradient, t, value, key: hostScalar("key"), state };
    return { name, parameter, ...rule.update(context, hyper) };
  });
  const resolved = resolveAcross(traces.map(({ change, state }) => ({ ...parts(change), ...state })));
  const writes = new Map<string, Write>();
  const write = (arena: string, name: string, next: Tensor) =>
    writes.set(`${arena}:${name}`, { arena, name, value: next });
  const hostState: Record<string, Tensor> = {};
  traces.forEach(({ name, parameter, change, state }, i) => {
    const next = resolved[i]!;
    const made = Object.fromEntries(
      Object.keys(parts(change)).map((key) => [key, next[key]!]),
    ) as unknown as Change;
    const moved = applyChange(parameter, made);
    checkShape(rule, name, "parameter", moved, parameter.shape);
    write(arenas.parameter, name, moved);
    const slots = rule.slots({ name, shape: parameter.shape });
    for (const [slot, { per }] of Object.entries(slots)) {
      const old = (state[slot] as Tensor) && stateLeaf(rule, slot, per, name, parameter, slots, onHost);
      const fitted =
        next[slot]!.shape.length < old.shape.length ? next[slot]!.broadcastTo(old.shape) : next[slot]!;
      checkShape(rule, name, `state "${slot}"`, fitted, old.shape);
      const key = scalarKey(slot, per, name);
      if (onHost.includes(key)) hostState[key] = fitted;
      else if (per === "run") write(arenas.run, slot, fitted);
      else write(arenas.state(slot), name, fitted);
    }
  });
  return { writes: [...writes.values()], hostState };
}

/** The tensors of a change, by name, so that they can be rewritten together with the state. */
function parts(change: Change): State {
  return Object.fromEntries(Object.entries(change).filter(([, tensor]) => tensor !== undefined)) as State;
}

function checkShape(rule: Rule<any>, name: string, what: string, value: Tensor, shape: Shape): void {
  if (sameShape(value.shape, shape)) return;
  throw new Error(
    `${rule.name}: the update of "${name}" gives ${what} the shape ${formatShape(value.shape)}; ` +
      `expected ${formatShape(shape)}.`,
  );
}

function hyperScalars(rule: Rule<any>): State {
  return Object.fromEntries(Object.keys(rule.hyper as Hypers).map((name) => [name, hostScalar(name)]));
}

function stateLeaves(rule: Rule<any>, name: string, shape: Shape, onHost: readonly string[]): State {
  const slots = rule.slots({ name, shape });
  const parameter = leaf(arenas.parameter, name, shape);
  return Object.fromEntries(
    Object.entries(slots).map(([slot, { per }]) => [
      slot,
      stateLeaf(rule, slot, per, name, parameter, slots, onHost),
    ]),
  );
}

function stateLeaf(
  rule: Rule<any>,
  slot: string,
  per: "element" | "tensor" | "run",
  name: string,
  parameter: Tensor,
  slots: ReturnType<Rule["slots"]>,
  onHost: readonly string[],
): Tensor {
  const key = scalarKey(slot, per, name);
  if (onHost.includes(key)) return hostScalar(`state.${key}`);
  if (per === "run") return leaf(arenas.run, slot, []);
  if (per === "element") return leaf(arenas.state(slot), name, parameter.shape);
  return leaf(arenas.state(slot), name, slots[slot]!.init({ parameter, hyper: hyperScalars(rule) }).shape);
}
