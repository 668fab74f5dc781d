import { didYouMean, type Setting } from "@downhill/core";
import type { Json } from "@downhill/core/train";
import { chebyshev } from "./chebyshev.js";
import { type Composable, warmup } from "./composable.js";
import { constant } from "./constant.js";
import { cosine } from "./cosine.js";
import { cosineRestarts } from "./cosine-restarts.js";
import { cyclic } from "./cyclic.js";
import type { Arguments } from "./define.js";
import { exponential } from "./exponential.js";
import { inverseSqrt } from "./inverse-sqrt.js";
import { inverseTime } from "./inverse-time.js";
import { linear } from "./linear.js";
import { multistep } from "./multistep.js";
import { noam } from "./noam.js";
import { oneCycle } from "./one-cycle.js";
import { piecewiseConstant } from "./piecewise-constant.js";
import { plateau } from "./plateau.js";
import { polynomial } from "./polynomial.js";
import { rex } from "./rex.js";
import { step } from "./step.js";
import { tanhDecay } from "./tanh-decay.js";
import { wsd } from "./wsd.js";

/** Makes a schedule from arguments whose names are known only when the program runs, and checked then. */
export type AnyMakeSchedule = ((value: number, written?: any) => Composable) & {
  readonly definition: { readonly name: string; readonly source: string; readonly arguments: Arguments };
};

/** All schedules by name, for command lines, forms and tables. */
export const schedules: Readonly<Record<string, AnyMakeSchedule>> = {
  constant,
  step,
  multistep,
  "piecewise-constant": piecewiseConstant,
  exponential,
  "inverse-time": inverseTime,
  "inverse-sqrt": inverseSqrt,
  noam,
  polynomial,
  linear,
  cosine,
  "cosine-restarts": cosineRestarts,
  "one-cycle": oneCycle,
  cyclic,
  wsd,
  rex,
  "tanh-decay": tanhDecay,
  chebyshev,
  plateau,
};

type Fields = Readonly<Record<string, Json>>;

const joins: Readonly<Record<string, (fields: any, part: (json: Json) => Setting) => Composable>> = {
  then: ({ first, next, at }, part) => asSchedule(part(first)).then(part(next), at),
  times: ({ factors: [a, b] }, part) => asSchedule(part(a)).times(part(b)),
  repeat: ({ part: repeated, every }, part) => asSchedule(part(repeated)).repeat(every),
  warmup: ({ steps, next, initialValue }, part) => warmup(steps, part(next), { initialValue }),
};

/**
 * The schedule that JSON describes: `{ schedule: "cosine", value: 0.001, steps: 100 }`, what its `toJSON` gave. A number
 * stays one. `others` adds schedules defined elsewhere, by name. What a function of one's own made cannot come back.
 */
export function scheduleFromJSON(
  json: Json,
  others: Readonly<Record<string, AnyMakeSchedule>> = {},
): Setting {
  if (typeof json === "number") return json;
  if (typeof json !== "object" || json === null || typeof (json as Fields).schedule !== "string") {
    throw new TypeError(
      `scheduleFromJSON: got ${JSON.stringify(json)}; expected a number or { "schedule": name, … }.`,
    );
  }
  const { schedule: name, ...fields } = json as Fields & { readonly schedule: string };
  const known = { ...schedules, ...others };
  if (Object.hasOwn(joins, name)) return joins[name]!(fields, (part) => scheduleFromJSON(part, others));
  if (Object.hasOwn(known, name)) {
    const { value, ...written } = fields;
    return known[name]!(value as number, written);
  }
  if (name === "custom") {
    throw new Error(
      "scheduleFromJSON: this schedule was a function of the user's own, which JSON cannot carry. Pass that function again.",
    );
  }
  const names = [...Object.keys(known), ...Object.keys(joins)];
  throw new Error(
    `scheduleFromJSON: unknown schedule "${name}".${didYouMean(name, names)} There are ${names.join(", ")}.`,
  );
}

function asSchedule(setting: Setting): Composable {
  return (typeof setting === "number" ? constant(setting) : setting) as Composable;
}
