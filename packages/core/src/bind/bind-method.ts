import { finish } from "../engine/run.js";
import { sizeOf } from "../expr/shape.js";
import { numbersOf } from "../minimize/oracle.js";
import type {} from "../minimize/start.js";
import { answerAll } from "../optimizer/answer.js";
import { checkHyper } from "../optimizer/hyper.js";
import { type Ask, type Point, type Vector, vector } from "../optimizer/method.js";
import type { Hypers, Method } from "../optimizer/optimizer.js";
import { fromPlainState, toPlainState } from "../optimizer/plain-state.js";
import { checkArena, checkSavedRun } from "../optimizer/saved-state.js";
import type { Setting } from "../optimizer/schedule.js";
import { checkSavedHyper, methodHyper } from "../optimizer/settings.js";
import { arenas } from "../optimizer/trace.js";
import type { Data } from "../program/data.js";
import { split } from "../program/split.js";
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
  /** The parameters to evaluate and keep: a copy. */
  view(): Readonly<P>;
  /** All that the next step depends on, copied. Throws if the method's state is no plain data. */
  save(): SavedMethod;
  /**
   * Goes on from what was saved, with the same bits; throws, and changes nothing, if it does not fit. Hyper-parameters
   * that were not set before saving stay as they are here.
   */
  load(saved: SavedMethod): void;
}

/** What a method's stepper saves: plain data, for structuredClone. */
export interface SavedMethod {
  readonly optimizer: string;
  /** Steps made. */
  readonly t: number;
  /** In float64, as the method has them, whatever the form in which they were given. */
  readonly parameters: Readonly<Record<string, Data>>;
  /** What is known of the parameters; absent before the first step. */
  readonly at?: { readonly value: number; readonly gradient: Readonly<Record<string, Data>> };
  /** The method's own state; its vectors are `{ "~vector": Float64Array }`. */
  readonly state: unknown;
  /** Hyper-parameters set on the stepper; absent if none were. Settings of the method itself are not saved. */
  readonly hyper?: Readonly<Record<string, number>>;
}

export function bindMethod<H>(
  method: Method<H>,
  given: Arrays,
  evaluate: (at: Arrays) => { readonly value: number; readonly gradient: Arrays },
): MethodStepper<Arrays, H> {
  const { data: start } = asArrays(given);
  const names = Object.keys(start);
  const shapes = Object.fromEntries(Object.entries(start).map(([name, { shape }]) => [name, shape]));
  const size = Object.values(shapes).reduce((sum, shape) => sum + sizeOf(shape), 0);
  const flatten = (arrays: Arrays): Vector => {
    const data = new Float64Array(size);
    for (const [name, part] of Object.entries(split(data, shapes))) {
      part.set(numbersOf(name, arrays?.[name], part.length));
    }
    return vector(data);
  };
  /** A vector's numbers by parameter, copied. */
  const unflatten = ({ data }: Vector): Record<string, Data> =>
    Object.fromEntries(
      Object.entries(split(data, shapes)).map(([name, part]) => [
        name,
        { data: part.slice(), shape: shapes[name]! },
      ]),
    );
  const settings: Record<string, Setting> = { ...(method.settings as Record<string, Setting>) };
  /** Hyper-parameters set live, for saves. */
  const changed: Record<string, number> = {};
  const setHyper = (name: string, value: number) => {
    settings[name] = changed[name] = checkHyper(method.name, name, (method.hyper as Hypers)[name]!, value);
  };
  /** Arrays of their own in the form given. */
  const allocate = () =>
    Object.fromEntries(
      names.map((name) => [name, likeGiven(given[name]!, start[name]!.data.slice(), shapes[name]!)]),
    );
  const parameters = allocate();
  const scratch = allocate();
  /** Copies a vector into arrays of the given form. */
  const fill = (arrays: Record<string, Arrays[string]>, x: Vector) => {
    for (const [name, values] of Object.entries(split(x.data, shapes))) {
      const target = arrays[name]!;
      ("shape" in target ? target.data : target).set(values);
    }
    return arrays;
  };
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
  for (const name of Object.keys(method.hyper as Hypers)) {
    Object.defineProperty(hyper, name, {
      enumerable: true,
      get: () => methodHyper(method, t, settings)[name],
      set: (value: number) => setHyper(name, value),
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
    view: () => fill(allocate(), x),
    save: () => ({
      optimizer: method.name,
      t,
      parameters: unflatten(x),
      ...(at && { at: { value: at.value, gradient: unflatten(at.gradient) } }),
      state: toPlainState(method.name, state),
      ...(Object.keys(changed).length > 0 && { hyper: { ...changed } }),
    }),
    load(saved) {
      checkSavedRun(method.name, saved);
      checkArena(method.name, arenas.parameter, shapes, saved.parameters);
      if (saved.at) checkArena(method.name, arenas.gradient, shapes, saved.at.gradient);
      if (saved.at && typeof saved.at.value !== "number") {
        throw new Error(`${method.name}: the saved value is ${String(saved.at.value)}; expected a number.`);
      }
      const savedHyper = saved.hyper ?? {};
      checkSavedHyper(method.name, method.hyper as Hypers, savedHyper);
      // The last that can fail; from here on all of it fits.
      state = fromPlainState(method.name, saved.state, size) as typeof state;
      x = flatten(saved.parameters);
      at = saved.at && { value: saved.at.value, gradient: flatten(saved.at.gradient) };
      for (const [name, value] of Object.entries(savedHyper)) setHyper(name, value);
      ({ t } = saved);
      stalled = undefined;
      fill(parameters, x);
    },
  };
}
