import { oneMinus, type Tensor } from "@downhill/core";

/** How much of a new gradient PyTorch's momentum takes in: 1 - τ, but all of the first, and of each where μ is 0. */
export function takenIn(t: Tensor, momentum: Tensor, dampening: Tensor): Tensor {
  return t.eq(1).maximum(momentum.eq(0)).where(1, oneMinus(dampening));
}
