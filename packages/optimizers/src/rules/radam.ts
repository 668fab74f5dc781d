import {
  beta,
  decay,
  defineOptimizer,
  ema,
  epsilon,
  oneMinus,
  rate,
  type Tensor,
  unbiased,
  where,
  zeros,
} from "@downhill/core";

/**
 * RAdam: Adam that takes plain momentum steps until the variance of its step sizes is tractable, and rectifies it then.
 *
 *     g ← g + λ p
 *     m ← β1 m + (1 - β1) g,   m̂ = m / (1 - β1^t)
 *     v ← β2 v + (1 - β2) g²
 *     ρ∞ = 2 / (1 - β2) - 1,   ρ = ρ∞ - 2 t β2^t / (1 - β2^t)
 *     r = √( (ρ - 4) (ρ - 2) ρ∞ / ((ρ∞ - 4) (ρ∞ - 2) ρ) )
 *     p ← p - η m̂ r √(1 - β2^t) / (√v + ε) where ρ > 5,   else p ← p - η m̂
 *
 * Liu et al., "On the variance of the adaptive learning rate and beyond", ICLR 2020, algorithm 2, where the bound on ρ
 * is 4 and there is no ε. As in PyTorch, ε is beside the uncorrected √v; optax has ρ ≥ 5 and ε beside √v̂. `decoupled`
 * decays p ← p (1 - η λ) instead.
 */
export const radam = defineOptimizer({
  name: "radam",
  paper: "https://arxiv.org/abs/1908.03265",
  hyper: {
    learningRate: rate(1e-3),
    beta1: beta(0.9),
    beta2: beta(0.999),
    epsilon: epsilon(1e-8),
    weightDecay: decay(0),
  },
  options: { decoupled: false },
  state: { m: zeros, v: zeros },
  update({ parameter: p, gradient, t, ...old }, hyper, { decoupled }) {
    const { learningRate, beta1, beta2, epsilon, weightDecay } = hyper;
    const g = decoupled ? gradient : gradient.add(weightDecay.mul(p));
    const m = ema(beta1, old.m, g);
    const v = ema(beta2, old.v, g.square());
    const mHat = unbiased(m, beta1, t);
    const correction = oneMinus(beta2.pow(t));
    const rhoInf = oneMinus(beta2).pow(-1).mul(2).sub(1);
    const rho = rhoInf.sub(t.mul(2).mul(beta2.pow(t)).div(correction));
    const tractable = (rho: Tensor) => rho.sub(4).mul(rho.sub(2)).div(rho);
    const r = tractable(rho).div(tractable(rhoInf)).sqrt();
    const rectified = mHat.mul(r.mul(correction.sqrt())).div(v.sqrt().add(epsilon));
    const step = learningRate.mul(where(rho.gt(5), rectified, mHat));
    return { step, ...(decoupled && { decay: learningRate.mul(weightDecay) }), m, v };
  },
});
