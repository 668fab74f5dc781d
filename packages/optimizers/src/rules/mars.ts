import {
  beta,
  decay,
  defineOptimizer,
  ema,
  epsilon,
  oneMinus,
  rate,
  unbiased,
  where,
  zeros,
} from "@downhill/core";

/**
 * MARS: Adam or Lion on gradients whose variance is reduced by the change since the gradient before.
 *
 *     c = g + γ β1 / (1 - β1) (g - g'),   c ← c / max(1, ‖c‖)    (g' = g at t = 1)
 *     m ← β1 m + (1 - β1) c,   m̂ = m / (1 - β1^t)
 *     v ← β2 v + (1 - β2) c²,   v̂ = v / (1 - β2^t)
 *     p ← p (1 - η λ) - η m̂ / (√v̂ + ε)    ("lion": p ← p (1 - η λ) - η sign(m))
 *
 * Yuan et al., "MARS: unleashing the power of variance reduction for training large models", 2024, algorithms 2 and 3,
 * in the approximate form, whose g' is the gradient of the batch before, not a second one. As in the authors' code,
 * vectors and scalars get AdamW's update of g, unless `optimize1d` says otherwise.
 */
export const mars = defineOptimizer({
  name: "mars",
  paper: "https://arxiv.org/abs/2411.10438",
  hyper: {
    learningRate: rate(3e-3),
    beta1: beta(0.9),
    beta2: beta(0.99),
    gamma: { default: 0.025, min: 0, about: "Weight of the change of the gradient." },
    epsilon: epsilon(1e-8),
    weightDecay: decay(0),
  },
  options: { variant: ["adamw", "lion"], optimize1d: false },
  state: ({ shape }, { variant, optimize1d }) => {
    const reduced = optimize1d || shape.length >= 2;
    return {
      m: zeros,
      ...(reduced && { before: zeros }),
      ...(!(reduced && variant === "lion") && { v: zeros }),
    };
  },
  update({ gradient: g, t, ...old }, { learningRate, beta1, beta2, gamma, epsilon, weightDecay }) {
    const change = old.before && where(t.eq(1), 0, g.sub(old.before));
    const corrected = change && g.add(gamma.mul(beta1.div(oneMinus(beta1))).mul(change));
    const c = corrected ? corrected.div(corrected.norm().maximum(1)) : g;
    const m = ema(beta1, old.m, c);
    const v = old.v && ema(beta2, old.v, c.square());
    const u = v ? unbiased(m, beta1, t).div(unbiased(v, beta2, t).sqrt().add(epsilon)) : m.sign();
    const next = { m, ...(v && { v }), ...(old.before && { before: g }) };
    return { step: learningRate.mul(u), decay: learningRate.mul(weightDecay), ...next };
  },
});
