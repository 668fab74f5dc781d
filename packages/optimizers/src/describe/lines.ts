import { constant, leaf, type Rule, type Slot, type Tensor } from "@downhill/core";
import { hostScalar, topologicalOrder } from "@downhill/core/engine";
import { type Formula, lengthOf, type Notation } from "./formula.js";
import { readNode } from "./read-node.js";
import { atTime, chooseSymbols } from "./symbols.js";

/** Whether a formula that is used more than once gets a name. */
const isLong = (formula: Formula) =>
  lengthOf(formula) > (["compare", "matmul"].includes(formula.kind) ? 1 : 4);

/** One assignment: what stands left and right of the sign. */
export interface Line {
  readonly symbol: Notation;
  readonly formula: Formula;
}

/** A rule's update of one parameter, traced with plain leaves. */
export interface TracedRule {
  readonly rule: Rule<any>;
  /** Slots in order, with their tensors before and after the update. */
  readonly state: readonly {
    readonly name: string;
    readonly per: Slot["per"];
    readonly old: Tensor;
    readonly next: Tensor;
  }[];
  readonly parameter: Tensor;
}

/** Traces the update of one parameter. */
export function traceRule(rule: Rule<any>, name: string, shape: readonly number[]): TracedRule {
  const hyper = Object.fromEntries(Object.keys(rule.hyper).map((key) => [key, hostScalar(key)]));
  const parameter = leaf("parameter", name, shape);
  const slots = Object.entries(rule.slots({ name, shape })).map(([slot, { per, init }]) => ({
    name: slot,
    per,
    old: leaf(`state.${slot}`, name, init({ parameter, hyper }).shape),
  }));
  const { change, state } = rule.update(
    {
      name,
      parameter,
      gradient: leaf("gradient", name, shape),
      value: hostScalar("value"),
      t: hostScalar("t"),
      key: constant(0),
      state: Object.fromEntries(slots.map(({ name, old }) => [name, old])),
    },
    hyper,
  );
  // The decay before the parameter, as papers have it.
  const kept = change.decay ? parameter.sub(change.decay.mul(parameter)) : parameter;
  return {
    rule,
    state: slots.map((slot) => ({ ...slot, next: state[slot.name]! })),
    parameter: change.parameter ?? kept.sub(change.step),
  };
}

/** How the quantities of this update are written; hyper-parameters that it does not use have no symbol. */
export function symbolsOf({ rule, state, parameter }: TracedRule): ReturnType<typeof chooseSymbols> {
  const nodes = topologicalOrder([...state.map(({ next }) => next), parameter]);
  const used = new Set(nodes.flatMap(({ op, attributes }) => (op === "hostScalar" ? [attributes.name] : [])));
  return chooseSymbols(
    Object.keys(rule.hyper).filter((name) => used.has(name)),
    state.map(({ name }) => name),
  );
}

/** The assignments of one update in an order in which each uses what stands above it. */
export function linesOf(traced: TracedRule): Line[] {
  const { state, parameter } = traced;
  const symbols = symbolsOf(traced);
  const p = { text: "p", latex: "p" };
  const plain: Readonly<Record<string, Notation>> = {
    parameter: atTime(p, false),
    gradient: { text: "g", latex: "g_t" },
    value: { text: "f", latex: "f_t" },
    t: { text: "t", latex: "t" },
  };
  const nameLeaf = ({ op, attributes }: Tensor): Formula => {
    const key = String(op === "leaf" ? attributes.arena : attributes.name);
    const slot = state.find(({ name }) => key === `state.${name}`);
    const symbol = slot
      ? atTime(symbols.state.get(slot.name)!, false)
      : (plain[key] ?? symbols.hyper.get(key)!);
    return { kind: "symbol", symbol };
  };
  const targets = [
    ...state.map(({ name, next }) => ({ symbol: atTime(symbols.state.get(name)!, true), value: next })),
    { symbol: atTime(p, true), value: parameter },
  ];
  return assignments(targets, nameLeaf, symbols.free);
}

function assignments(
  targets: readonly { readonly symbol: Notation; readonly value: Tensor }[],
  nameLeaf: (node: Tensor) => Formula,
  free: () => Notation,
): Line[] {
  const order = topologicalOrder(targets.map(({ value }) => value));
  const classes = classify(order);
  const classOf = (node: Tensor) => classes.get(node)!;
  const uses = new Map<number, Set<number>>();
  for (const node of order) {
    for (const input of node.inputs) {
      if (classOf(input) === classOf(node)) continue;
      uses.set(classOf(input), (uses.get(classOf(input)) ?? new Set()).add(classOf(node)));
    }
  }
  const last = targets.at(-1)!.value;
  const formulas = new Map<number, Formula>();
  const lines: Line[] = [];
  const done = new Set<Notation>();
  for (const node of order) {
    const id = classOf(node);
    if (formulas.has(id)) continue;
    const formula = readNode(
      node,
      node.inputs.map((input) => formulas.get(classOf(input))!),
      nameLeaf,
    );
    // The new parameter comes last unless something else needs it.
    const isTarget = (value: Tensor) => classOf(value) === id && (value !== last || uses.has(id));
    const target = node.inputs.length > 0 ? targets.find(({ value }) => isTarget(value))?.symbol : undefined;
    const symbol = target ?? (isLong(formula) && (uses.get(id)?.size ?? 0) > 1 ? free() : undefined);
    if (symbol) {
      lines.push({ symbol, formula });
      done.add(symbol);
    }
    formulas.set(id, symbol ? { kind: "symbol", symbol } : formula);
  }
  for (const { symbol, value } of targets) {
    const formula = formulas.get(classOf(value))!;
    const unchanged = formula.kind === "symbol" && symbol.text === `${formula.symbol.text}'`;
    if (!done.has(symbol) && !unchanged) lines.push({ symbol, formula });
  }
  return lines;
}

/** Numbers for nodes, the same for the same expression; nodes that move numbers about count as their input. */
function classify(order: readonly Tensor[]): ReadonlyMap<Tensor, number> {
  const classes = new Map<Tensor, number>();
  const known = new Map<string, number>();
  for (const node of order) {
    const inputs = node.inputs.map((input) => classes.get(input)!);
    if (["broadcastTo", "reshape", "stopGradient"].includes(node.op)) classes.set(node, inputs[0]!);
    else {
      if (node.op === "add" || node.op === "mul") inputs.sort((a, b) => a - b);
      const attributes = Object.entries(node.attributes).map(([name, value]) => `${name}=${String(value)}`);
      const key = [node.op, inputs, attributes, node.shape].map(String).join("; ");
      if (!known.has(key)) known.set(key, known.size);
      classes.set(node, known.get(key)!);
    }
  }
  return classes;
}
