import { finish } from "../engine/run.js";
import { split } from "../minimize/start.js";
import { answerAll } from "../optimizer/answer.js";
import { checkHyper, type Hyper } from "../optimizer/hyper.js";
import { type Ask, type Point, type Vector, vector } from "../optimizer/method.js";
import type { Method } from "../optimizer/optimizer.js";
import type { Setting } from "../optimizer/schedule.js";
import { methodHyper } from "../optimizer/settings.js";
import { asArrays, likeGiven } from "./arrays.js";
import type { Arrays } from "./bind.js";

/** A method bound to parameters and to the function that evaluates them. */
export interface MethodStepper<P, H> {
  /** The parameters reached: copied from the method's vector after each step. */
  readonly parameters: Readonly<P>;
  readonly hyper: { -readonly [K in keyof H]: number };
  /** Steps made. */
  readonly t: number;
  /** The value at the parameters; NaN before the first step. */
  readonly value: number;
  /** Why the method cannot go on, if it said so. */
  readonly stalled: string | undefined;
  /** Makes one step, evaluating as often as the method asks. */
  step(): void;
}

export function bindMethod<H>(
  method: Method<H>,
  given: Arrays,
  evaluate: (at: Arrays) => { readonly value: number; readonly gradient: Arrays },
): MethodStepper<Arrays, H> {
  const { data: start } = asArrays(given);
  const names = Object.keys(start);
  const shapes = Object.fromEntries(Object.entries(start).map(([name, { shape }]) => [name, shape]));
  const flatten = (arrays: Arrays): Vector =>
    vector(
      Float64Array.from(
        names.flatMap((name) => {
          const part = arrays[name]!;
          return Array.from("shape" in part ? part.data : part);
        }),
      ),
    );
  const settings: Record<string, Setting> = { ...(method.settings as Record<string, Setting>) };
  const parameters = Object.fromEntries(
    names.map((name) => [name, likeGiven(given[name]!, start[name]!.data.slice(), shapes[name]!)]),
  );
  /** Copies a vector into arrays of the given form. */
  const fill = (arrays: Record<string, Arrays[string]>, x: Vector) => {
    for (const [name, values] of Object.entries(split(x.data, shapes))) {
      const target = arrays[name]!;
      ("shape" in target ? target.data : target).set(values);
    }
    return arrays;
  };
  const scratch = Object.fromEntries(
    names.map((name) => [name, likeGiven(given[name]!, start[name]!.data.slice(), shapes[name]!)]),
  );
  const answer = function* (request: Ask): Generator<never, number | Point | Vector> {
    if (request.want === "hvp") {
      throw new Error(
        `bind: ${method.name} needs Hessian-vector products; use minimize with a traced objective.`,
      );
    }
    const { value, gradient } = evaluate(fill(scratch, request.at));
    return request.want === "value" ? value : { value, gradient: flatten(gradient) };
  };
  let x = flatten(given);
  let at: Point | undefined;
  let state = method.start(x.clone());
  let t = 0;
  let stalled: string | undefined;
  const hyper = {};
  for (const [name, schema] of Object.entries(method.hyper as Record<string, Hyper>)) {
    Object.defineProperty(hyper, name, {
      enumerable: true,
      get: () => methodHyper(method, t, settings)[name],
      set: (value: number) => {
        settings[name] = checkHyper(method.name, name, schema, value);
      },
    });
  }
  return {
    parameters,
    hyper: Object.preventExtensions(hyper) as MethodStepper<Arrays, H>["hyper"],
    get t() {
      return t;
    },
    get value() {
      return at?.value ?? Number.NaN;
    },
    get stalled() {
      return stalled;
    },
    step() {
      at ??= finish(answer({ want: "gradient", at: x })) as Point;
      const next = finish(answerAll(method.step({ x, at, state }, methodHyper(method, t, settings)), answer));
      ({ x, at, state, stalled } = { stalled: undefined, ...next });
      t++;
      fill(parameters, x);
    },
  };
}
