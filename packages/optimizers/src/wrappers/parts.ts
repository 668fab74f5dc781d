import { type Inner, type State, type Tensor, where } from "@downhill/core";
import { topologicalOrder } from "@downhill/core/engine";

/** The wrapped rule's change if it is a step, and perhaps a decay; a rule that gives parameters has none. */
export function withStep(
  wrapper: string,
  made: Inner,
): Inner & { readonly step: Tensor; readonly decay?: Tensor } {
  if (made.step) return made;
  throw new Error(
    `${wrapper}: the wrapped rule gives new parameters, not steps, so that there is no step to look at.`,
  );
}

/** A wrapped rule's update where `condition` is not 0; elsewhere everything stays as it was. */
export function onlyIf(
  condition: Tensor,
  made: Inner,
  old: { readonly parameter: Tensor; readonly state: State },
): Inner {
  const { step, decay, parameter, state } = made;
  const next = Object.fromEntries(
    Object.entries(state).map(([key, value]) => [key, where(condition, value, old.state[key]!)]),
  );
  if (parameter) return { parameter: where(condition, parameter, old.parameter), state: next };
  return {
    step: where(condition, step, 0),
    ...(decay && { decay: where(condition, decay, 0) }),
    state: next,
  };
}

/** 1 where the host scalar t, a whole number, is a multiple of n, else 0. */
export function isMultiple(t: Tensor, n: number): Tensor {
  return t.eq(t.div(n).floor().mul(n));
}

/** Whether an update depends on the loss that it was given. */
export function usesLoss({ state, ...change }: Inner, loss: Tensor): boolean {
  return topologicalOrder([...Object.values(change), ...Object.values(state)]).includes(loss);
}
