import { beta, decay, defineOptimizer, ema, epsilon, oneMinus, rate, unbiased, zeros } from "@downhill/core";
import { libraries } from "./libraries.js";

const conventions = {
  torch: { epsilonHat: false, largestHat: false, coupled: true, defaults: {} },
  optax: { epsilonHat: false, largestHat: true, coupled: true, defaults: {} },
  keras: { epsilonHat: true, largestHat: false, coupled: false, defaults: { epsilon: 1e-7 } },
  tfjs: { epsilonHat: false, largestHat: false, coupled: true, defaults: { epsilon: 1e-7 } },
};

/**
 * Adam: adaptive moment estimation.
 *
 *     g ← g + λ p
 *     m ← β1 m + (1 - β1) g
 *     v ← β2 v + (1 - β2) g²
 *     m̂ = m / (1 - β1^t),  v̂ = v / (1 - β2^t)
 *     p ← p - η m̂ / (√v̂ + ε)
 *
 * Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1. AMSGrad takes the largest v so
 * far: Reddi, Kale, Kumar, "On the convergence of Adam and beyond", ICLR 2018, algorithm 2, which has no bias
 * correction; PyTorch and Keras correct the largest v, optax takes the largest v̂.
 *
 * Keras adds ε to the uncorrected √v (the paper's ε̂, section 2) and decays decoupled, p ← p (1 - η λ); its ε and
 * TensorFlow.js's are 1e-7.
 */
export const adam = defineOptimizer({
  name: "adam",
  paper: "https://arxiv.org/abs/1412.6980",
  hyper: {
    learningRate: rate(1e-3),
    beta1: beta(0.9),
    beta2: beta(0.999),
    epsilon: epsilon(1e-8),
    weightDecay: decay(0),
  },
  options: { amsgrad: false, compat: libraries },
  defaults: ({ compat }) => conventions[compat].defaults,
  state: (_, { amsgrad }) => ({ m: zeros, v: zeros, ...(amsgrad && { vMax: zeros }) }),
  update({ parameter: p, gradient, t, ...old }, hyper, { compat }) {
    const { learningRate, beta1, beta2, epsilon, weightDecay } = hyper;
    const { epsilonHat, largestHat, coupled } = conventions[compat];
    const g = coupled ? gradient.add(weightDecay.mul(p)) : gradient;
    const m = ema(beta1, old.m, g);
    const v = ema(beta2, old.v, g.square());
    const mHat = unbiased(m, beta1, t);
    const vMax = old.vMax?.maximum(largestHat ? unbiased(v, beta2, t) : v);
    const vHat = vMax && largestHat ? vMax : unbiased(vMax ?? v, beta2, t);
    const epsilonCorrected = epsilonHat ? epsilon.div(oneMinus(beta2.pow(t)).sqrt()) : epsilon;
    const step = learningRate.mul(mHat).div(vHat.sqrt().add(epsilonCorrected));
    return { step, ...(!coupled && { decay: learningRate.mul(weightDecay) }), m, v, ...(vMax && { vMax }) };
  },
});
