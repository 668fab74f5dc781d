import { constant, type Tensor } from "../expr/tensor.js";
import { type HostArithmetic, hostArithmetic } from "./host.js";

/** What an initial state may depend on: the parameter at the start, and the hyper-parameters of the first update. */
export interface SlotContext {
  readonly parameter: Tensor;
  readonly hyper: Readonly<Record<string, Tensor>>;
}

/** A piece of an optimizer's state: how it starts and what it belongs to. */
export interface Slot {
  readonly init: (context: SlotContext) => Tensor;
  /**
   * element: one number for each of the parameter's. tensor: one tensor per parameter, of the initial value's
   * shape. run: one scalar for the whole run.
   */
  readonly per: "element" | "tensor" | "run";
  /** Of a `scalar`: keeps it on the host, in float64, where its updates depend on host scalars alone. */
  readonly host?: HostArithmetic;
}

/** Starts at 0 everywhere. */
export const zeros: Slot = { per: "element", init: ({ parameter }) => constant(0, parameter.shape) };

/** Starts at the parameter's own value. */
export const copy: Slot = { per: "element", init: ({ parameter }) => parameter };

/** Starts at `value` everywhere: a number, or the name of the hyper-parameter that has it. */
export function filled(value: number | string): Slot {
  return { per: "element", init: (context) => first(value, context).broadcastTo(context.parameter.shape) };
}

/**
 * A scalar that starts at `value`: one per parameter, or one for the run; a number, or the name of the
 * hyper-parameter that has it.
 */
export function scalar(value: number | string, per: "tensor" | "run" = "tensor"): Slot {
  return { per, init: (context) => first(value, context), host: hostArithmetic };
}

function first(value: number | string, { hyper }: SlotContext): Tensor {
  if (typeof value === "number") return constant(value);
  const found = hyper[value];
  if (found) return found;
  throw new Error(
    `A state starts at hyper-parameter "${value}", which its optimizer does not have; it has ${Object.keys(hyper).join(", ")}.`,
  );
}
