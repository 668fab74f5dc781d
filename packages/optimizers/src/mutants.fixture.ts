import { type Rule, type Shape, type Tensor, updateProgram } from "@downhill/core";
import { topologicalOrder } from "@downhill/core/engine";

/*
 * Small mistakes in a rule's update, made in its traced graph: a sign flipped, a coefficient changed by a thousandth,
 * t one too large, the new value of a state in the place of the old one or the other way round. A mistake is known by
 * its title, which says what is wrong and where, in the update of whatever tensor has that place.
 */

/** The rule with a mistake in every update that has a place for it. */
export function mutant(rule: Rule<any>, title: string): Rule<any> {
  return changed(rule, (update) => {
    const mistake = mistakesIn(update).find((one) => one.title === title);
    return mistake ? withMistake(mistake) : (root) => root;
  });
}

/** Titles of all mistakes that can be made in a rule's updates of the parameters of a run. */
export function mistakesOf(rule: Rule<any>, shapes: Readonly<Record<string, Shape>>): readonly string[] {
  const titles = new Map<string, readonly string[]>();
  const listening = changed(rule, (update, name) => {
    // The last trace is the one that runs: those before find out what stays on the host.
    titles.set(
      name,
      mistakesIn(update).map(({ title }) => title),
    );
    return (root) => root;
  });
  updateProgram(listening, shapes);
  return [...new Set([...titles.values()].flat())];
}

type State = Readonly<Record<string, Tensor>>;

interface Update {
  readonly outputs: readonly Tensor[];
  readonly before: State;
  readonly after: State;
}

function changed(
  rule: Rule<any>,
  change: (update: Update, name: string) => (root: Tensor) => Tensor,
): Rule<any> {
  return {
    ...rule,
    update(context, hyper) {
      const made = rule.update(context, hyper);
      const outputs = [...Object.values<Tensor>({ ...made.change }), ...Object.values(made.state)];
      const to = change({ outputs, before: context.state, after: made.state }, context.name);
      const all = (tensors: object) =>
        Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, to(tensor)]));
      return { change: all(made.change), state: all(made.state) } as unknown as typeof made;
    },
  };
}

/** A place in a graph and what stands there instead of the node's i-th input. */
interface Mistake {
  readonly title: string;
  readonly node: Tensor;
  readonly input: number;
  readonly instead: Tensor;
}

function mistakesIn({ outputs, before, after }: Update): Mistake[] {
  const moved = Object.keys(after).filter((name) => after[name] !== before[name]);
  const count = new Map<string, number>();
  const found = topologicalOrder(outputs).flatMap((node) => {
    if (node.op === "broadcastTo") return [];
    return node.inputs.flatMap((given, input): Mistake[] => {
      const x = unbroadcast(given);
      const mistake = (title: string, instead: Tensor) => [
        { title: `${title} in ${place(node)}`, node, input, instead },
      ];
      if (x.op === "constant") {
        const value = x.attributes.value as number;
        return mistake(`${value} changed`, value === 0 ? x.add(1e-3) : x.mul(1.001));
      }
      if (x.op === "hostScalar" && x.attributes.name === "t") return mistake("t + 1", x.add(1));
      const wasOld = moved.find((name) => before[name] === x);
      if (wasOld && !topologicalOrder([after[wasOld]!]).includes(node))
        return mistake(`new ${wasOld}`, after[wasOld]!);
      const isNew = moved.find((name) => after[name] === x);
      if (isNew) return mistake(`old ${isNew}`, before[isNew]!);
      if (x.op === "hostScalar") return mistake(`${nameOf(x)} changed`, x.mul(1.001));
      if (input > 0 && (node.op === "add" || node.op === "sub")) return mistake("sign flipped", x.neg());
      return [];
    });
  });
  return found.map((mistake) => {
    const n = (count.get(mistake.title) ?? 0) + 1;
    count.set(mistake.title, n);
    return { ...mistake, title: n === 1 ? mistake.title : `${mistake.title}, place ${n}` };
  });
}

/** A node as its operator and what it is applied to: `mul(beta1, m)`. */
function place(node: Tensor): string {
  return `${node.op}(${node.inputs.map((x) => nameOf(unbroadcast(x))).join(", ")})`;
}

function nameOf({ op, attributes }: Tensor): string {
  if (op === "constant") return String(attributes.value);
  if (op === "hostScalar") return String(attributes.name).replace(/^state\.(\w+)(\.\w+)?$/, "$1");
  if (op !== "leaf") return op;
  const [, slot = attributes.arena] = /^state\.(.*)$/.exec(String(attributes.arena)) ?? [];
  return String(slot === "run" ? attributes.name : slot);
}

/** A tensor without its being repeated, so that a scalar parameter's update has the same places as a matrix's. */
function unbroadcast(x: Tensor): Tensor {
  return x.op === "broadcastTo" ? unbroadcast(x.inputs[0]!) : x;
}

/** Rebuilds a graph with one input of one node replaced. */
function withMistake({ node: place, input, instead }: Mistake): (root: Tensor) => Tensor {
  const rebuilt = new Map<Tensor, Tensor>();
  return (root) => {
    for (const node of topologicalOrder([root])) {
      if (rebuilt.has(node)) continue;
      const inputs = node.inputs.map((x, i) =>
        node === place && i === input ? instead.broadcastTo(x.shape) : rebuilt.get(x)!,
      );
      const same = inputs.every((x, i) => x === node.inputs[i]);
      const copy = (): Tensor => Object.assign(Object.create(Object.getPrototypeOf(node)), node, { inputs });
      rebuilt.set(node, same ? node : copy());
    }
    return rebuilt.get(root)!;
  };
}
