import { describeSetting, type Schedule, type Setting, valueAt } from "@downhill/core";
import type { Json } from "@downhill/core/train";

/** A schedule that carries its description as JSON and can be joined with others. */
export interface Composable extends Schedule {
  readonly toJSON: () => Json;
  /** This schedule, told the run's number of steps; there where something in it says `steps: "run"`. */
  readonly forRun?: (steps: number) => Composable;
  /**
   * This schedule for the first `at` steps, then `next`, which counts from 0 again. "run" means `at` steps in this
   * part, and what is left of the run in the next.
   */
  then(next: Setting, at: number): Composable;
  /** The product with another schedule, step by step. */
  times(other: Setting): Composable;
  /** Begins anew every `every` steps; "run" in it means `every` steps. */
  repeat(every: number): Composable;
}

/** Makes a schedule of its values, its description, its parts, and what it becomes when the run's length is known. */
export function composable(
  at: (step: number) => number,
  toJSON: () => Json,
  more: Pick<Composable, "parts" | "forRun"> = {},
): Composable {
  const self: Composable = Object.assign((step: number) => at(step), {
    toJSON,
    ...more,
    then: (next: Setting, start: number) => join(self, next, start),
    times: (other: Setting) => product(self, other),
    repeat: (every: number) => cycle(self, every),
  });
  return self;
}

function join(first: Setting, next: Setting, at: number): Composable {
  if (typeof at === "function") {
    throw new TypeError(
      'A schedule was awaited or returned by an async function, which takes its method "then" for a promise\'s. ' +
        "Put it into an object or an array.",
    );
  }
  checkLength("then", "at", at);
  return composable(
    (t) => (t < at ? valueAt(first, t) : valueAt(next, t - at)),
    () => ({ schedule: "then", first: describeSetting(first), next: describeSetting(next), at }),
    madeOf([first, next], (steps) => join(forRun(first, at), forRest("then", next, at, steps), at)),
  );
}

function product(a: Setting, b: Setting): Composable {
  return composable(
    (t) => valueAt(a, t) * valueAt(b, t),
    () => ({ schedule: "times", factors: [describeSetting(a), describeSetting(b)] }),
    madeOf([a, b], (steps) => product(forRun(a, steps), forRun(b, steps))),
  );
}

function cycle(part: Setting, every: number): Composable {
  checkLength("repeat", "every", every);
  return composable(
    (t) => valueAt(part, t % every),
    () => ({ schedule: "repeat", part: describeSetting(part), every }),
    madeOf([part], () => cycle(forRun(part, every), every)),
  );
}

/**
 * Warmup: from `initialValue` (default 0) in equal steps to the schedule's first value, reached at step `steps`,
 * where the schedule begins. With `steps: "run"` in it, it ends with the run. As in optax and Hugging Face's
 * transformers, the first update uses `initialValue` itself.
 *
 * Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour", 2017, section 2.2.
 */
export function warmup(
  steps: number,
  schedule: Setting,
  options: { readonly initialValue?: number } = {},
): Composable {
  const { initialValue = 0 } = options;
  checkLength("warmup", "steps", steps);
  if (!Number.isFinite(initialValue)) {
    throw new RangeError(`warmup: initialValue = ${initialValue} is not allowed; expected a finite number.`);
  }
  return composable(
    (t) => {
      if (t >= steps) return valueAt(schedule, t - steps);
      return initialValue + (valueAt(schedule, 0) - initialValue) * (t / steps);
    },
    () => ({ schedule: "warmup", steps, initialValue, next: describeSetting(schedule) }),
    madeOf([schedule], (run) => warmup(steps, forRest("warmup", schedule, steps, run), options)),
  );
}

/** A setting once the run's length is known. */
function forRun(setting: Setting, steps: number): Setting {
  return typeof setting === "number" ? setting : (setting.forRun?.(steps) ?? setting);
}

/** Parts, and what becomes of the whole in a run when that makes a difference to one of them. */
function madeOf(
  parts: readonly Setting[],
  resolve: (steps: number) => Composable,
): Pick<Composable, "parts" | "forRun"> {
  const open = parts.some((part) => typeof part === "function" && part.forRun);
  return { parts, ...(open && { forRun: resolve }) };
}

/** A setting for what a run has left after `before` steps. */
function forRest(name: string, setting: Setting, before: number, steps: number): Setting {
  if (typeof setting === "number" || !setting.forRun) return setting;
  if (steps > before) return setting.forRun(steps - before);
  throw new RangeError(
    `${name}: the run has ${steps} steps, which leaves none after the first ${before} for what follows. ` +
      "Train longer, or shorten the beginning.",
  );
}

function checkLength(name: string, argument: string, value: number): void {
  if (Number.isInteger(value) && value > 0) return;
  throw new RangeError(
    `${name}: ${argument} = ${String(value)} is not allowed; expected a whole number of steps from 1 on.`,
  );
}
