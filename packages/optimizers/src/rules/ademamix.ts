import { beta, decay, defineOptimizer, ema, epsilon, oneMinus, rate, unbiased, zeros } from "@downhill/core";

/**
 * AdEMAMix: Adam with two momenta, a fast and a slow one.
 *
 *     m1 ← β1 m1 + (1 - β1) g,   m̂1 = m1 / (1 - β1^t)
 *     m2 ← β3_t m2 + (1 - β3_t) g
 *     ν ← β2 ν + (1 - β2) g²,   ν̂ = ν / (1 - β2^t)
 *     p ← p (1 - η λ) - η (m̂1 + α_t m2) / (√ν̂ + ε)
 *
 * Over T = `warmupSteps` steps, α_t rises from 0 to α in a line, and the half life of the slow average from that of the
 * fast one to its own: with τ = min(t/T, 1), 1 / ln β3_t = (1 - τ) / ln β1 + τ / ln β3.
 *
 * Pagliardini, Ablin, Grangier, "The AdEMAMix optimizer: better, faster, older", ICLR 2025, algorithm 1 and section 3.
 * The authors' code adds 1e-8 to β1 and β3 in the schedule.
 */
export const ademamix = defineOptimizer({
  name: "ademamix",
  paper: "https://arxiv.org/abs/2409.03137",
  hyper: {
    learningRate: rate(1e-3),
    beta1: beta(0.9),
    beta2: beta(0.999),
    beta3: beta(0.9999, "Decay factor of the slow momentum."),
    alpha: { default: 5, min: 0, about: "Weight of the slow momentum." },
    epsilon: epsilon(1e-8),
    weightDecay: decay(0),
    warmupSteps: { default: 0, min: 0, about: "Steps until alpha and beta3 reach their values." },
  },
  state: { m1: zeros, m2: zeros, nu: zeros },
  update({ gradient: g, t, ...old }, hyper) {
    const { learningRate, beta1, beta2, beta3, alpha, epsilon, weightDecay, warmupSteps } = hyper;
    const tau = t.div(warmupSteps).minimum(1);
    const inverse = oneMinus(tau).div(beta1.log()).add(tau.div(beta3.log()));
    const m1 = ema(beta1, old.m1, g);
    const m2 = ema(inverse.pow(-1).exp(), old.m2, g);
    const nu = ema(beta2, old.nu, g.square());
    const direction = unbiased(m1, beta1, t).add(alpha.mul(tau).mul(m2));
    const step = learningRate.mul(direction).div(unbiased(nu, beta2, t).sqrt().add(epsilon));
    return { step, decay: learningRate.mul(weightDecay), m1, m2, nu };
  },
});
