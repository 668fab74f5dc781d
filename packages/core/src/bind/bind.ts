import type { Engine } from "../engine/engine.js";
import { js } from "../engine/js/index.js";
import type { Method, Rule } from "../optimizer/optimizer.js";
import type { Data } from "../program/data.js";
import type { Floats } from "../program/program.js";
import { bindMethod, type MethodStepper } from "./bind-method.js";
import { bindRule, type Stepper } from "./bind-rule.js";

/** Parameters by name: typed arrays, or tensor(values, shape). */
export type Arrays = Readonly<Record<string, Floats | Data>>;

/**
 * Binds an optimizer to parameters for whoever brings their own gradients: fill `stepper.gradients`, call
 * `stepper.step()`, read `stepper.parameters`. The stepper copies the parameters and owns its memory.
 * All arrays have one dtype, Float32Array or Float64Array, which is what the update computes in, on `engine`
 * (default `js`). `seed` (default 0) is that of the noise, for rules that draw some. A method, which evaluates where it
 * wants, gets `evaluate` besides.
 */
export function bind<H, const P extends Arrays>(
  optimizer: Rule<H>,
  parameters: P,
  options?: { readonly engine?: Engine<"sync">; readonly seed?: number },
): Stepper<P, H>;
export function bind<H, const P extends Arrays>(
  optimizer: Method<H>,
  parameters: P,
  objective: { readonly evaluate: (at: P) => { readonly value: number; readonly gradient: P } },
): MethodStepper<P, H>;
export function bind(
  optimizer: Rule<any> | Method<any>,
  parameters: Arrays,
  { engine = js(), seed = 0, evaluate }: Bound = {},
): unknown {
  if (optimizer.kind === "rule") return bindRule(optimizer, parameters, engine, seed);
  if (evaluate) return bindMethod(optimizer, parameters, evaluate);
  throw new Error(
    `bind: ${optimizer.name} asks for evaluations; pass { evaluate: (at) => ({ value, gradient }) } as the third argument.`,
  );
}

interface Bound {
  readonly engine?: Engine<"sync">;
  readonly seed?: number;
  readonly evaluate?: (at: any) => { readonly value: number; readonly gradient: Arrays };
}
