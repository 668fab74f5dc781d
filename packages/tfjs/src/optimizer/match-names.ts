import { didYouMean, formatShape, type Shape } from "@downhill/core";
import { util } from "@tensorflow/tfjs-core";

const sameShape = (a: Shape, b: Shape) => util.arraysEqual([...a], [...b]);

interface Named {
  readonly name: string;
  readonly shape: Shape;
}

/** What tfjs appends to the name of a variable that is made again while the first one lives: `dense/kernel_1`. */
const baseOf = (name: string) => name.replace(/_\d+$/, "");

/**
 * Which saved state belongs to which variable: the one of its name, else, in order, one of its shape whose name differs
 * in the number at the end alone, for a model that is loaded twice gets other names. Throws, naming it, for a variable
 * without any.
 */
export function matchNames(
  owner: string,
  variables: readonly Named[],
  saved: readonly Named[],
): ReadonlyMap<string, string> {
  const matches = new Map<string, string>();
  const free = new Map(saved.map((each) => [each.name, each]));
  const take = (variable: string, state: string) => {
    matches.set(variable, state);
    free.delete(state);
  };
  for (const { name, shape } of variables) {
    const exact = free.get(name);
    if (!exact) continue;
    if (!sameShape(exact.shape, shape)) {
      throw new Error(
        `${owner}: variable "${name}" has shape ${formatShape(shape)}, the state loaded for it ${formatShape(exact.shape)}. ` +
          "Was it saved for another model? Nothing was changed.",
      );
    }
    take(name, name);
  }
  for (const { name, shape } of variables) {
    if (matches.has(name) || free.size === 0) continue;
    const alike = [...free.values()].find(
      (state) => baseOf(state.name) === baseOf(name) && sameShape(state.shape, shape),
    );
    if (!alike) {
      const names = saved.map((state) => state.name);
      throw new Error(
        `${owner}: variable "${name}" of shape ${formatShape(shape)} is none of those whose state was loaded: ` +
          `${names.join(", ")}.${didYouMean(name, names)} Was it saved for another model? Nothing was changed.`,
      );
    }
    take(name, alike.name);
  }
  return matches;
}
