import type { Rule, Tensor } from "@downhill/core";

/*
 * Small mistakes in a rule's update, made in its traced graph: a sign flipped, a coefficient changed by a thousandth,
 * t one too large, the new value of a state in the place of the old one or the other way round.
 */

/** A place in a graph and what stands there instead of the node's i-th input. */
interface Mistake {
  readonly title: string;
  readonly node: Tensor;
  readonly input: number;
  readonly instead: Tensor;
}

/** The rule with the k-th mistake in the update of every parameter; none where there are fewer. */
export function mutant(
  rule: Rule<any>,
  k: number,
  saw: (mistakes: readonly { title: string }[]) => void,
): Rule<any> {
  return {
    ...rule,
    update(context, hyper) {
      const { change, state } = rule.update(context, hyper);
      const mistakes = mistakesIn([...Object.values(change), ...Object.values(state)], context.state, state);
      saw(mistakes);
      const mistake = mistakes[k];
      if (!mistake) return { change, state };
      const made = withMistake(mistake);
      const all = (tensors: object) =>
        Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, made(tensor)]));
      return { change: all(change), state: all(state) } as unknown as ReturnType<Rule["update"]>;
    },
  };
}

type State = Readonly<Record<string, Tensor>>;

function mistakesIn(outputs: readonly Tensor[], before: State, after: State): Mistake[] {
  const moved = Object.keys(after).filter((name) => after[name] !== before[name]);
  return nodesOf(outputs).flatMap((node) =>
    node.inputs.flatMap((x, input): Mistake[] => {
      const mistake = (title: string, instead: Tensor) => [
        { title: `${title} in ${node.op}`, node, input, instead },
      ];
      if (x.op === "constant") {
        const value = x.attributes.value as number;
        return mistake(`${value} changed`, value === 0 ? x.add(1e-3) : x.mul(1.001));
      }
      if (x.op === "hostScalar" && x.attributes.name === "t") return mistake("t + 1", x.add(1));
      const wasOld = moved.find((name) => before[name] === x);
      if (wasOld && !nodesOf([after[wasOld]!]).includes(node))
        return mistake(`new ${wasOld}`, after[wasOld]!);
      const isNew = moved.find((name) => after[name] === x);
      if (isNew) return mistake(`old ${isNew}`, before[isNew]!);
      if (x.op === "hostScalar") return mistake(`${x.attributes.name} changed`, x.mul(1.001));
      if (input > 0 && (node.op === "add" || node.op === "sub")) return mistake("sign flipped", x.neg());
      return [];
    }),
  );
}

/** Rebuilds a graph with one input of one node replaced. */
function withMistake({ node: place, input, instead }: Mistake): (root: Tensor) => Tensor {
  const rebuilt = new Map<Tensor, Tensor>();
  return (root) => {
    for (const node of nodesOf([root])) {
      if (rebuilt.has(node)) continue;
      const inputs = node.inputs.map((x, i) => (node === place && i === input ? instead : rebuilt.get(x)!));
      const same = inputs.every((x, i) => x === node.inputs[i]);
      const copy = (): Tensor => Object.assign(Object.create(Object.getPrototypeOf(node)), node, { inputs });
      rebuilt.set(node, same ? node : copy());
    }
    return rebuilt.get(root)!;
  };
}

/** All nodes of a graph, inputs before those that use them. */
function nodesOf(roots: readonly Tensor[], found = new Set<Tensor>()): Tensor[] {
  for (const root of roots) {
    if (found.has(root)) continue;
    nodesOf(root.inputs, found);
    found.add(root);
  }
  return [...found];
}
