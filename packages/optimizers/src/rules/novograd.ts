import { beta, decay, defineOptimizer, ema, epsilon, rate, scalar, where, zeros } from "@downhill/core";

/**
 * NovoGrad: momentum of gradients that are normalized tensor by tensor.
 *
 *     v ← β2 v + (1 - β2) ‖g‖²    (v ← ‖g‖² at t = 1)
 *     m ← β1 m + g / (√v + ε) + λ p
 *     p ← p - η m
 *
 * Ginsburg et al., "Stochastic gradient methods with layer-wise adaptive moments for training of deep networks", 2019,
 * algorithm 1. β2 is 0.25 as in optax; the paper's experiments have 0.95 and 0.98 for β1 and β2.
 */
export const novograd = defineOptimizer({
  name: "novograd",
  paper: "https://arxiv.org/abs/1905.11286",
  hyper: {
    learningRate: rate(1e-3),
    beta1: beta(0.9),
    beta2: beta(0.25),
    epsilon: epsilon(1e-6),
    weightDecay: decay(0),
  },
  state: { m: zeros, v: scalar(0) },
  update({ parameter: p, gradient: g, t, ...old }, { learningRate, beta1, beta2, epsilon, weightDecay }) {
    const squared = g.square().sum();
    const v = where(t.eq(1), squared, ema(beta2, old.v, squared));
    const m = beta1
      .mul(old.m)
      .add(g.div(v.sqrt().add(epsilon)))
      .add(weightDecay.mul(p));
    return { step: learningRate.mul(m), m, v };
  },
});
