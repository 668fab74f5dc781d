import type { Shape } from "../expr/shape.js";
import type { Tensor } from "../expr/tensor.js";
import type { Descend } from "../minimize/descent.js";
import type { Hyper } from "./hyper.js";
import type { Asking, Point, Vector } from "./method.js";
import type { Setting } from "./schedule.js";
import type { Slot } from "./slot.js";

/** Schemas by hyper-parameter name. */
export type Hypers = Readonly<Record<string, Hyper>>;
export type Slots = Readonly<Record<string, Slot>>;

/** What every optimizer says of itself. Recognised by the brand `~optimizer`. */
interface Described<H> {
  readonly "~optimizer": 1;
  readonly name: string;
  /** The source: a link or a citation. */
  readonly paper: string;
  readonly hyper: { readonly [K in keyof H]: Hyper };
  /** What each hyper-parameter is set to: a number or a schedule. */
  readonly settings: { readonly [K in keyof H]: Setting };
  readonly options: Readonly<Record<string, boolean | string | number>>;
}

/** A parameter as a rule may know it before there are numbers. */
export interface ParameterInfo {
  readonly name: string;
  readonly shape: Shape;
}

/** What an update sees of one parameter, besides its state by name. */
export interface UpdateContext {
  /** The parameter's name. */
  readonly name: string;
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  /** The parameter's own updates, this one included: 1, 2, …; a host scalar. */
  readonly t: Tensor;
  /** The loss that the gradient belongs to: a scalar. */
  readonly value: Tensor;
  /** Changes each step, for `random`; a host scalar. */
  readonly key: Tensor;
}

/**
 * What an update gives back besides the next state: `step`, which is subtracted, and `decay`, the fraction that
 * the parameter loses first: p ← p·(1 - decay) - step. Or `parameter`, where a paper has no step.
 */
export type Change =
  | { readonly step: Tensor; readonly decay?: Tensor; readonly parameter?: never }
  | { readonly parameter: Tensor; readonly step?: never; readonly decay?: never };

export type State = Readonly<Record<string, Tensor>>;

/** An update rule: from parameter, gradient and state to the next, as one expression. */
export interface Rule<H = {}> extends Described<H> {
  readonly kind: "rule";
  /** Throws when the parameters, all of them, are not what the rule can work with: a pattern that fits none. */
  readonly check?: (parameters: readonly ParameterInfo[]) => void;
  slots(parameter: ParameterInfo): Slots;
  update(
    context: UpdateContext & { readonly state: State },
    hyper: State,
  ): { readonly change: Change; readonly state: State };
  /** The point to evaluate and to keep, where that is not the point trained. Pure. */
  readonly view?: (
    context: { readonly name: string; readonly parameter: Tensor; readonly t: Tensor; readonly state: State },
    hyper: State,
  ) => Tensor;
}

/** A method that asks for evaluations: line searches and their kin. Its state is plain data. */
export interface Method<H = {}> extends Described<H> {
  readonly kind: "method";
  start(x: Vector): unknown;
  step(
    context: { readonly x: Vector; readonly at: Point; readonly state: unknown },
    hyper: Readonly<Record<string, number>>,
  ): Asking<MethodStep<unknown>>;
  /** How `minimize` runs a method: methods bring it with them, so that a page without one need not load it. */
  readonly descend: Descend<Method<any>>;
}

/** Where a method arrived; `stalled` says why it could not go on. */
export interface MethodStep<S> {
  readonly x: Vector;
  readonly at: Point;
  readonly state: S;
  readonly stalled?: string;
}

/** Anything that `minimize`, `train` and `bind` take. */
export type Optimizer<H = {}, Kind extends "rule" | "method" = "rule" | "method"> =
  | ("rule" extends Kind ? Rule<H> : never)
  | ("method" extends Kind ? Method<H> : never);

/** Changes gradients before a rule sees them. Recognised by the brand `~transform`. */
export interface Transform<H = {}> {
  readonly "~transform": 1;
  readonly name: string;
  readonly hyper: { readonly [K in keyof H]: Hyper };
  readonly settings: { readonly [K in keyof H]: Setting };
  readonly options: Readonly<Record<string, boolean | string | number>>;
  slots(parameter: ParameterInfo): Slots;
  update(
    context: UpdateContext & { readonly state: State },
    hyper: State,
  ): { readonly gradient: Tensor; readonly state: State };
}
