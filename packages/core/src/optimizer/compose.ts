import type { Tensor } from "../expr/tensor.js";
import type { Change, Hypers, State } from "./optimizer.js";
import type { Setting } from "./schedule.js";

interface Part {
  readonly name: string;
  readonly hyper: Hypers;
  readonly settings: Readonly<Record<string, Setting>>;
}

/** The hyper-parameters of several parts together; a name that two have is an error. */
export function mergeHyper(
  name: string,
  parts: readonly Part[],
): { hyper: Hypers; settings: Readonly<Record<string, Setting>> } {
  const owners = new Map<string, string>();
  for (const part of parts) {
    for (const key of Object.keys(part.hyper)) {
      const other = owners.get(key);
      if (other !== undefined) {
        throw new Error(
          `${name}: both ${other} and ${part.name} have a hyper-parameter "${key}"; names must differ. ` +
            `renameHyper(…, { ${key}: "…" }) gives one of them another.`,
        );
      }
      owners.set(key, part.name);
    }
  }
  return {
    hyper: Object.assign({}, ...parts.map((part) => part.hyper)) as Hypers,
    settings: Object.assign({}, ...parts.map((part) => part.settings)) as Record<string, Setting>,
  };
}

/** A part's own hyper-parameters out of all. */
export function applyHyper(part: { readonly hyper: object }, hyper: State): State {
  return Object.fromEntries(Object.keys(part.hyper).map((key) => [key, hyper[key]!]));
}

/** State of the i-th transform of a chain, apart from that of a twin and of the rule. */
export function prefixed(transform: string, i: number, key: string): string {
  return `${i}.${transform}.${key}`;
}

/** A record under longer names: `prefix.key`. */
export function prefixKeys<T>(prefix: string, record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [`${prefix}.${key}`, value]));
}

/** The parameter after a change: p·(1 - decay) - step, or the one that the rule gave. */
export function applyChange(parameter: Tensor, change: Change): Tensor {
  if (change.parameter) return change.parameter;
  // p - p·decay, because 1 - decay would round off most digits of a small decay.
  const kept = change.decay ? parameter.sub(parameter.mul(change.decay)) : parameter;
  return kept.sub(change.step!);
}
