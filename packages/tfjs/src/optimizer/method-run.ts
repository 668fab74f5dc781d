import {
  type Ask,
  checkHyper,
  type Hypers,
  type Method,
  type Point,
  type Setting,
  type Shape,
  sizeOf,
  type Vector,
  valueAt,
  vector,
} from "@downhill/core";
import {
  clone,
  dispose,
  type NamedTensorMap,
  type Scalar,
  type Tensor,
  tensor,
  tidy,
  type Variable,
} from "@tensorflow/tfjs-core";
import { currentBackend } from "./backend.js";
import { findVariable } from "./find-variables.js";
import { matchNames } from "./match-names.js";

/** How gradients come about: `computeGradients` of the optimizer. */
export type ComputeGradients = (
  f: () => Scalar,
  varList?: Variable[],
) => { readonly value: Scalar; readonly grads: NamedTensorMap };

interface Part {
  readonly name: string;
  readonly shape: Shape;
}

/** All that the next step of a method depends on, besides the variables. */
export interface MethodState {
  readonly t: number;
  readonly variables: readonly Part[];
  /** The variables in float64, as the method has them. */
  readonly x: Float64Array;
  readonly state: unknown;
}

/**
 * A method at work on tfjs variables. Its vectors are on the host, in float64; the variables hold the point that is
 * being evaluated, and at the end of a step the one that was reached. Each step evaluates anew where it stands, for it
 * may be given another batch.
 */
export class MethodRun {
  readonly #method: Method<any>;
  /** What the hyper-parameters are set to now. */
  readonly #settings: Readonly<Record<string, Setting>>;
  #parts: readonly Part[] | undefined;
  #x: Vector = vector(new Float64Array(0));
  #state: unknown;
  #t = 0;
  #stalled: string | undefined;
  /** Whether the parts still have the names under which they were saved. */
  #loaded = false;

  constructor(method: Method<any>, settings: Readonly<Record<string, Setting>>) {
    this.#method = method;
    this.#settings = settings;
  }

  /** Steps made. */
  get t(): number {
    return this.#t;
  }

  /** Why the last step went nowhere, if the method said so. */
  get stalled(): string | undefined {
    return this.#stalled;
  }

  /** The variables that it moves; none before the first step. */
  get variables(): readonly string[] {
    return this.#parts?.map(({ name }) => name) ?? [];
  }

  /** One step; returns the value where it began. When it fails, the variables are as they were. */
  minimize(f: () => Scalar, varList: Variable[] | undefined, compute: ComputeGradients): number {
    const { name: owner } = this.#method;
    const { value, grads } = compute(f, varList);
    let kept: readonly { readonly variable: Variable; readonly before: Tensor }[] = [];
    try {
      const parts = this.#check(grads);
      const variables = parts.map(({ name }) => findVariable(owner, name));
      const numbers = joined(variables.map((variable) => read(owner, variable)));
      // Whoever changed the variables since the last step has moved the point.
      const moved = !this.#parts || numbers.some((number, i) => number !== Math.fround(this.#x.data[i]!));
      const x = moved ? vector(numbers) : this.#x;
      const at = pointOf(owner, value, grads, parts);
      const start = at.value;
      kept = variables.map((variable) => ({ variable, before: clone(variable) }));

      const go = (to: Vector) => assign(variables, to);
      const answer = (request: Ask): number | Point => {
        if (request.want === "hvp") {
          throw new Error(
            `${owner}: it needs Hessian-vector products, and TensorFlow.js's second derivatives are missing or wrong ` +
              "for many operations. Use lbfgs, or minimize of @downhill/core.",
          );
        }
        if (request.want === "value") {
          go(request.at);
          return tidy(() => read(owner, f())[0]!);
        }
        return lazyPoint(request.at, (place) => {
          go(place);
          const there = compute(f, varList);
          try {
            return pointOf(owner, there.value, there.grads, parts);
          } finally {
            dispose([there.value, there.grads]);
          }
        });
      };
      const state = this.#parts ? this.#state : this.#method.start(x.clone());
      const hyper = Object.entries(this.#method.hyper as Hypers).map(([key, schema]) => {
        const setting = valueAt(this.#settings[key]!, this.#t);
        return [key, checkHyper(owner, key, schema, setting, ` at step ${this.#t}`)];
      });
      const steps = this.#method.step({ x, at, state }, Object.fromEntries(hyper));
      let next = steps.next();
      while (!next.done) next = steps.next(answer(next.value));
      go(next.value.x);
      this.#parts = parts;
      this.#x = next.value.x;
      this.#state = next.value.state;
      this.#stalled = next.value.stalled;
      this.#t++;
      return start;
    } catch (error) {
      for (const { variable, before } of kept) variable.assign(before);
      throw error;
    } finally {
      dispose([value, grads, kept.map(({ before }) => before)]);
    }
  }

  /** The variables with a gradient, which stay the same from the first step on. */
  #check(grads: NamedTensorMap): readonly Part[] {
    const { name: owner } = this.#method;
    const found = Object.entries(grads).map(([name, { shape }]) => ({ name, shape }));
    if (!this.#parts) return found;
    if (this.#loaded) {
      const matches = matchNames(owner, found, this.#parts);
      const newNames = new Map([...matches].map(([name, saved]) => [saved, name]));
      const parts = this.#parts.map(({ name, shape }) => ({ name: newNames.get(name) ?? name, shape }));
      this.#loaded = false;
      this.#parts = parts;
    }
    const names = (parts: readonly Part[]) =>
      JSON.stringify(parts.map(({ name, shape }) => [name, shape]).sort());
    if (names(found) === names(this.#parts)) return this.#parts;
    const list = (parts: readonly Part[]) => parts.map(({ name, shape }) => `${name} [${shape}]`).join(", ");
    throw new Error(
      `${owner}: the loss depends on the variables ${list(found)} now, and on ${list(this.#parts)} in the steps before. ` +
        "Make a new optimizer for other variables. Nothing was changed.",
    );
  }

  save(): MethodState {
    return { t: this.#t, variables: this.#parts ?? [], x: this.#x.data, state: this.#state };
  }

  load({ t, variables, x, state }: MethodState): void {
    this.#parts = variables.length > 0 ? variables : undefined;
    this.#x = vector(x);
    this.#state = state;
    this.#stalled = undefined;
    this.#loaded = variables.length > 0;
    this.#t = t;
  }
}

/** The numbers of a tensor, now. */
function read(owner: string, from: Tensor): Float32Array {
  try {
    return from.dataSync<"float32">();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `${owner}: it needs values in the middle of a step, and the backend "${currentBackend(owner).name}" cannot read ` +
        `them back in place (${why}). Use "cpu", "wasm" or "webgl", or a rule such as adamw. Nothing was changed.`,
      { cause: error },
    );
  }
}

function pointOf(owner: string, value: Scalar, grads: NamedTensorMap, parts: readonly Part[]): Point {
  // What a branch of the loss leaves out does not change it.
  const gradient = parts.map(({ name, shape }) =>
    grads[name] ? read(owner, grads[name]) : new Float32Array(sizeOf(shape)),
  );
  return { value: read(owner, value)[0]!, gradient: vector(joined(gradient)) };
}

/** All numbers of the lists, in float64. */
function joined(lists: readonly Float32Array[]): Float64Array {
  const numbers = new Float64Array(lists.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const list of lists) {
    numbers.set(list, offset);
    offset += list.length;
  }
  return numbers;
}

function assign(variables: readonly Variable[], { data }: Vector): void {
  let offset = 0;
  for (const variable of variables) {
    const values = Float32Array.from(data.subarray(offset, offset + variable.size));
    tidy(() => variable.assign(tensor(values, variable.shape)));
    offset += variable.size;
  }
}

/** Evaluated when first looked at: where a step ends, the next one evaluates anyway. */
function lazyPoint(at: Vector, evaluate: (at: Vector) => Point): Point {
  const place = at.clone();
  let point: Point | undefined;
  const there = () => (point ??= evaluate(place));
  return {
    get value() {
      return there().value;
    },
    get gradient() {
      return there().gradient;
    },
  };
}
