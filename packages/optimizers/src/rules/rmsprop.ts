import { beta, decay, defineOptimizer, ema, epsilon, rate, zeros } from "@downhill/core";
import { libraries } from "./libraries.js";

const inside = { epsilonInside: true, rateInside: true, coupled: true };
const conventions = {
  torch: { epsilonInside: false, rateInside: false, coupled: true, defaults: {} },
  optax: { ...inside, defaults: { alpha: 0.9 } },
  keras: { ...inside, coupled: false, defaults: { learningRate: 1e-3, alpha: 0.9, epsilon: 1e-7 } },
  tfjs: { ...inside, defaults: { alpha: 0.9, epsilon: 1e-7 } },
};

/**
 * RMSprop: gradients over the root of their moving mean square.
 *
 *     v ← α v + (1 - α) g²
 *     a ← α a + (1 - α) g    (centered: v - a² instead of v below)
 *     b ← μ b + g / (√v + ε)
 *     p ← p - η b
 *
 * Tieleman and Hinton, "Lecture 6.5", 2012; centered and with momentum: Graves, "Generating sequences with recurrent
 * neural networks", 2013, equations 38 to 45. As in PyTorch, ε is outside the root and η outside the buffer; optax,
 * Keras and TensorFlow.js have both inside, and their α is 0.9. (TensorFlow.js's centered form subtracts ε, which is a
 * bug, not a convention.)
 */
export const rmsprop = defineOptimizer({
  name: "rmsprop",
  paper: "Tieleman & Hinton 2012; Graves 2013, https://arxiv.org/abs/1308.0850",
  hyper: {
    learningRate: rate(1e-2),
    alpha: beta(0.99, "Decay factor of the mean square."),
    epsilon: epsilon(1e-8),
    weightDecay: decay(0),
    momentum: beta(0, "Decay factor of the sum of past steps."),
  },
  options: { centered: false, compat: libraries },
  defaults: ({ compat }) => conventions[compat].defaults,
  state: (_, { centered }) => ({ v: zeros, b: zeros, ...(centered && { a: zeros }) }),
  update({ parameter: p, gradient, ...old }, hyper, { compat }) {
    const { learningRate, alpha, epsilon, weightDecay, momentum } = hyper;
    const { epsilonInside, rateInside, coupled } = conventions[compat];
    const g = coupled ? gradient.add(weightDecay.mul(p)) : gradient;
    const v = ema(alpha, old.v, g.square());
    const a = old.a && ema(alpha, old.a, g);
    const variance = a ? v.sub(a.square()) : v;
    const root = epsilonInside ? variance.add(epsilon).sqrt() : variance.sqrt().add(epsilon);
    const d = (rateInside ? learningRate.mul(g) : g).div(root);
    const b = momentum.mul(old.b).add(d);
    const step = rateInside ? b : learningRate.mul(b);
    return { step, ...(!coupled && { decay: learningRate.mul(weightDecay) }), v, b, ...(a && { a }) };
  },
});
