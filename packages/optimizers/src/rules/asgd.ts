import { applyChange, copy, decay, defineOptimizer, rate } from "@downhill/core";

/**
 * ASGD: SGD whose average over the run is what to evaluate and to keep.
 *
 *     η_t = η / (1 + λ η (t - 1))^α,   μ_t = 1 / max(1, t - 1 - t0)
 *     g ← g + Λ p
 *     p ← p (1 - λ η_t) - η_t g
 *     a ← a + μ_t (p - a)    (the view)
 *
 * Polyak and Juditsky, "Acceleration of stochastic approximation by averaging", 1992; the rates are Bottou's, "Stochastic
 * gradient descent tricks", 2012, section 5, as in PyTorch. λ is `lambda`, Λ `weightDecay`; averaging begins after t0
 * steps, before which the average is the parameters.
 */
export const asgd = defineOptimizer({
  name: "asgd",
  paper: "https://doi.org/10.1137/0330046",
  hyper: {
    learningRate: rate(1e-2),
    lambda: decay(1e-4, "Decay, and how fast the learning rate falls."),
    alpha: { default: 0.75, min: 0, about: "Power with which the learning rate falls." },
    t0: { default: 1e6, min: 0, max: Infinity, about: "Steps before averaging begins." },
    weightDecay: decay(0),
  },
  state: { average: copy },
  update({ parameter: p, gradient, t, ...old }, { learningRate, lambda, alpha, t0, weightDecay }) {
    const eta = learningRate.div(lambda.mul(learningRate).mul(t.sub(1)).add(1).pow(alpha));
    const mu = t.sub(1).sub(t0).maximum(1).pow(-1);
    const g = gradient.add(weightDecay.mul(p));
    const change = { step: eta.mul(g), decay: lambda.mul(eta) };
    const average = old.average.add(mu.mul(applyChange(p, change).sub(old.average)));
    return { ...change, average };
  },
  view: ({ average }) => average,
});
