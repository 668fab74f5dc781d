import { constant, type Tensor } from "@downhill/core";
import { requireKnown, requireNumber } from "../check.js";

/** How strongly weights are drawn to 0; both at least 0, default 0. */
export interface Penalties {
  /** λ of λ·Σ|w|, the lasso: some weights become 0. */
  readonly l1?: number;
  /** λ of ½λ·Σw², the ridge: its gradient is λw, as that of PyTorch's `weight_decay` (of SGD and Adam). */
  readonly l2?: number;
}

/**
 * l1·Σ|w| + ½·l2·Σw² over all elements of all weights: a scalar to add to a mean loss.
 *
 * For n rows, scikit-learn's strengths are, with the mean squared error: Ridge alpha = ½n·l2, Lasso alpha = ½·l1;
 * with a cross-entropy: LogisticRegression C = 1 / (n·l2). Keras' `L2(l2)` is ours with half of the number.
 */
export function penalty(weights: readonly Tensor[], { l1 = 0, l2 = 0 }: Penalties): Tensor {
  const [first = constant(0), ...rest] = weights.flatMap((w) => [
    ...(l1 > 0 ? [w.abs().sum().mul(l1)] : []),
    ...(l2 > 0
      ? [
          w
            .square()
            .sum()
            .mul(l2 / 2),
        ]
      : []),
  ]);
  return rest.reduce((sum, term) => sum.add(term), first);
}

/** Penalties with their defaults, checked. */
export function completePenalties(where: string, penalties: Penalties = {}): Required<Penalties> {
  requireKnown(`${where}: penalties`, penalties, ["l1", "l2"]);
  const { l1 = 0, l2 = 0 } = penalties;
  requireNumber(where, "penalties.l1", l1, { from: 0 });
  requireNumber(where, "penalties.l2", l2, { from: 0 });
  return { l1, l2 };
}
