import { beta, decay, defineOptimizer, ema, epsilon, rate, unbiased, zeros } from "@downhill/core";
import { libraries } from "./libraries.js";

const conventions = {
  torch: { epsilonOutside: false, coupled: true, defaults: {} },
  optax: { epsilonOutside: false, coupled: true, defaults: { learningRate: 1e-3 } },
  keras: { epsilonOutside: true, coupled: false, defaults: { learningRate: 1e-3, epsilon: 1e-7 } },
  tfjs: { epsilonOutside: true, coupled: true, defaults: { learningRate: 1e-3, epsilon: 1e-7 } },
};

/**
 * Adamax: Adam with the infinity norm of past gradients for the root of their mean square.
 *
 *     g ← g + λ p
 *     m ← β1 m + (1 - β1) g
 *     u ← max(β2 u, |g| + ε)
 *     p ← p - η m̂ / u,   m̂ = m / (1 - β1^t)
 *
 * Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 2, which has no ε. PyTorch and
 * optax have it inside the maximum, Keras and TensorFlow.js beside it: u + ε.
 */
export const adamax = defineOptimizer({
  name: "adamax",
  paper: "https://arxiv.org/abs/1412.6980",
  hyper: {
    learningRate: rate(2e-3),
    beta1: beta(0.9),
    beta2: beta(0.999, "Decay factor of the largest gradient."),
    epsilon: epsilon(1e-8),
    weightDecay: decay(0),
  },
  options: { compat: libraries },
  defaults: ({ compat }) => conventions[compat].defaults,
  state: { m: zeros, u: zeros },
  update({ parameter: p, gradient, t, ...old }, hyper, { compat }) {
    const { learningRate, beta1, beta2, epsilon, weightDecay } = hyper;
    const { epsilonOutside, coupled } = conventions[compat];
    const g = coupled ? gradient.add(weightDecay.mul(p)) : gradient;
    const m = ema(beta1, old.m, g);
    const size = epsilonOutside ? g.abs() : g.abs().add(epsilon);
    const u = beta2.mul(old.u).maximum(size);
    const step = learningRate.mul(unbiased(m, beta1, t)).div(epsilonOutside ? u.add(epsilon) : u);
    return { step, ...(!coupled && { decay: learningRate.mul(weightDecay) }), m, u };
  },
});
