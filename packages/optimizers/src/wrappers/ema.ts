import { applyChange, ema as average, beta, copy, defineWrapper, where } from "@downhill/core";

/**
 * Exponential moving average of the weights: trains as the rule does and offers the average as the view, what to
 * evaluate: `ema(adamw(), { decay: 0.999 })`.
 *
 *     a ← d a + (1 - d) p,  after the first update a = p
 *
 * Polyak and Juditsky, "Acceleration of stochastic approximation by averaging", 1992; with this start as PyTorch's
 * `AveragedModel` with `get_ema_multi_avg_fn`, so that there is no bias to correct.
 */
export const ema = defineWrapper({
  name: "ema",
  paper: "https://doi.org/10.1137/0330046",
  hyper: { decay: beta(0.999, "Decay factor of the average of the weights.") },
  main: "decay",
  state: { average: copy },
  update({ parameter: p, t, inner, ...old }, { decay }) {
    const { state, ...change } = inner();
    const next = applyChange(p, change);
    return { parameter: next, state, average: where(t.eq(1), next, average(decay, old.average, next)) };
  },
  view: ({ average }) => average,
});
