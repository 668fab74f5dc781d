import { constant, type Tensor } from "../expr/tensor.js";

/** What an initial state may depend on: the parameter at the start. */
export interface SlotContext {
  readonly parameter: Tensor;
}

/** A piece of an optimizer's state: how it starts and what it belongs to. */
export interface Slot {
  readonly init: (context: SlotContext) => Tensor;
  /**
   * element: one number for each of the parameter's. tensor: one tensor per parameter, of the initial value's
   * shape. run: one scalar for the whole run.
   */
  readonly per: "element" | "tensor" | "run";
}

/** Starts at 0 everywhere. */
export const zeros: Slot = { per: "element", init: ({ parameter }) => constant(0, parameter.shape) };

/** Starts at the parameter's own value. */
export const copy: Slot = { per: "element", init: ({ parameter }) => parameter };

/** Starts at `value` everywhere. */
export function filled(value: number): Slot {
  return { per: "element", init: ({ parameter }) => constant(value, parameter.shape) };
}

/** A scalar that starts at `value`: one per parameter, or one for the run. */
export function scalar(value: number, per: "tensor" | "run" = "tensor"): Slot {
  return { per, init: () => constant(value) };
}
