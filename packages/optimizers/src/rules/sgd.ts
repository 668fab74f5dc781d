import { beta, decay, defineOptimizer, rate, zeros } from "@downhill/core";
import { takenIn } from "./dampening.js";
import { libraries } from "./libraries.js";

const conventions = {
  torch: { rateInside: false, coupled: true, defaults: {} },
  optax: { rateInside: false, coupled: true, defaults: {} },
  keras: { rateInside: true, coupled: false, defaults: { learningRate: 0.01 } },
  tfjs: { rateInside: false, coupled: true, defaults: {} },
};

/**
 * Stochastic gradient descent with momentum:
 *
 *     g ← g + λ p
 *     b ← μ b + (1 - τ) g    (b ← g at t = 1)
 *     p ← p - η b            (p ← p - η (g + μ b), Nesterov)
 *
 * Polyak, "Some methods of speeding up the convergence of iteration methods", 1964. Nesterov's momentum in the form of
 * Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML 2013, with the
 * parameters taken where the gradient is.
 *
 * As in PyTorch, the first buffer is the gradient, undampened, and the learning rate stays outside of it; the papers
 * and Keras have it inside, so that a changing one acts with delay. Keras decays decoupled: p ← p (1 - η λ).
 * Without momentum nothing is dampened. `gradientDescent` has no buffer.
 */
export const sgd = defineOptimizer({
  name: "sgd",
  paper: "Polyak 1964; Sutskever et al. 2013, https://proceedings.mlr.press/v28/sutskever13.html",
  hyper: {
    learningRate: rate(1e-3),
    momentum: beta(0, "Decay factor of the sum of past gradients."),
    dampening: {
      default: 0,
      min: 0,
      max: 1,
      about: "Fraction of each new gradient that the sum leaves out.",
    },
    weightDecay: decay(0),
  },
  options: { nesterov: false, compat: libraries },
  defaults: ({ compat }) => conventions[compat].defaults,
  state: { b: zeros },
  update({ parameter: p, gradient, t, ...old }, hyper, { nesterov, compat }) {
    const { learningRate, momentum, dampening, weightDecay } = hyper;
    const { rateInside, coupled } = conventions[compat];
    const g = coupled ? gradient.add(weightDecay.mul(p)) : gradient;
    const u = rateInside ? learningRate.mul(g) : g;
    const b = momentum.mul(old.b).add(takenIn(t, momentum, dampening).mul(u));
    const d = nesterov ? u.add(momentum.mul(b)) : b;
    return {
      step: rateInside ? d : learningRate.mul(d),
      ...(!coupled && { decay: learningRate.mul(weightDecay) }),
      b,
    };
  },
});
