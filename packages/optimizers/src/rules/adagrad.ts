import { decay, defineOptimizer, epsilon, filled, rate } from "@downhill/core";
import { libraries } from "./libraries.js";

const inside = {
  epsilonInside: true,
  coupled: true,
  defaults: { initialAccumulatorValue: 0.1, epsilon: 1e-7 },
};
const conventions = {
  torch: { epsilonInside: false, coupled: true, defaults: {} },
  optax: inside,
  keras: { ...inside, coupled: false, defaults: { ...inside.defaults, learningRate: 1e-3 } },
  tfjs: inside,
};

/**
 * Adagrad: steps shrink with the root of all squared gradients so far.
 *
 *     s ← s + g²
 *     p ← p - η / (1 + (t - 1) η') · g / (√s + ε)
 *
 * Duchi, Hazan, Singer, "Adaptive subgradient methods for online learning and stochastic optimization", JMLR 2011,
 * figure 1, diagonal form, without projection. η' (`lrDecay`) and coupled weight decay are PyTorch's. optax, Keras
 * and TensorFlow.js start s at 0.1 and take √(s + ε); Keras decays decoupled.
 */
export const adagrad = defineOptimizer({
  name: "adagrad",
  paper: "Duchi et al. 2011, https://jmlr.org/papers/v12/duchi11a.html",
  hyper: {
    learningRate: rate(1e-2),
    lrDecay: { default: 0, min: 0, about: "Decay of the learning rate with the steps." },
    weightDecay: decay(0),
    initialAccumulatorValue: { default: 0, min: 0, about: "First value of the sum of squares." },
    epsilon: epsilon(1e-10),
  },
  options: { compat: libraries },
  defaults: ({ compat }) => conventions[compat].defaults,
  state: { s: filled("initialAccumulatorValue") },
  update({ parameter: p, gradient, t, ...old }, { learningRate, lrDecay, weightDecay, epsilon }, { compat }) {
    const { epsilonInside, coupled } = conventions[compat];
    const g = coupled ? gradient.add(weightDecay.mul(p)) : gradient;
    const s = old.s.add(g.square());
    const eta = learningRate.div(t.sub(1).mul(lrDecay).add(1));
    const root = epsilonInside ? s.add(epsilon).sqrt() : s.sqrt().add(epsilon);
    return { step: eta.mul(g).div(root), ...(!coupled && { decay: learningRate.mul(weightDecay) }), s };
  },
});
