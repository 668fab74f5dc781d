import {
  beta,
  decay,
  defineOptimizer,
  ema,
  epsilon,
  oneMinus,
  rate,
  scalar,
  unbiased,
  zeros,
} from "@downhill/core";
import { nesterovMomentum } from "./nesterov-momentum.js";

/**
 * NAdam: Adam with Nesterov's momentum, on a schedule.
 *
 *     g ← g + λ p
 *     μ_t = β1 (1 - 0.96^(t ψ) / 2),   Π ← Π μ_t
 *     m ← β1 m + (1 - β1) g
 *     v ← β2 v + (1 - β2) g²,   v̂ = v / (1 - β2^t)
 *     ĝ = (1 - μ_t) g / (1 - Π),   m̂ = μ_{t+1} m / (1 - Π μ_{t+1})
 *     p ← p - η (ĝ + m̂) / (√v̂ + ε)
 *
 * Dozat, "Incorporating Nesterov momentum into Adam", ICLR workshop 2016, algorithm 2, as PyTorch 2; ψ is
 * `momentumDecay`. Keras has ψ = 1, optax no schedule of μ at all.
 */
export const nadam = defineOptimizer({
  name: "nadam",
  paper: "https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ",
  hyper: {
    learningRate: rate(2e-3),
    beta1: beta(0.9),
    beta2: beta(0.999),
    epsilon: epsilon(1e-8),
    weightDecay: decay(0),
    momentumDecay: decay(4e-3, "How fast the momentum approaches beta1."),
  },
  state: { m: zeros, v: zeros, product: scalar(1) },
  update({ parameter: p, gradient, t, ...old }, hyper) {
    const { learningRate, beta1, beta2, epsilon, weightDecay, momentumDecay: psi } = hyper;
    const g = gradient.add(weightDecay.mul(p));
    const mu = nesterovMomentum(beta1, t, psi);
    const muNext = nesterovMomentum(beta1, t.add(1), psi);
    const product = old.product.mul(mu);
    const m = ema(beta1, old.m, g);
    const v = ema(beta2, old.v, g.square());
    const gHat = oneMinus(mu).div(oneMinus(product)).mul(g);
    const mHat = muNext.div(oneMinus(product.mul(muNext))).mul(m);
    const denominator = unbiased(v, beta2, t).sqrt().add(epsilon);
    return { step: learningRate.mul(gHat.add(mHat)).div(denominator), m, v, product };
  },
});
