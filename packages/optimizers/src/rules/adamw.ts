import { beta, decay, defineOptimizer, ema, epsilon, oneMinus, rate, unbiased, zeros } from "@downhill/core";

const conventions = {
  torch: { epsilonHat: false, largestHat: false, defaults: {} },
  optax: { epsilonHat: false, largestHat: true, defaults: { weightDecay: 1e-4 } },
  keras: { epsilonHat: true, largestHat: false, defaults: { epsilon: 1e-7, weightDecay: 4e-3 } },
};

/**
 * Adam with decoupled weight decay: m̂ and v̂ as in `adam`, from the gradient alone, and
 *
 *     p ← p (1 - η λ) - η m̂ / (√v̂ + ε)
 *
 * Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019, algorithm 2. The paper's decay does not
 * shrink with η, only with the schedule; that of PyTorch, optax and Keras does. Their AMSGrad and ε differ as in
 * `adam`. TensorFlow.js has no AdamW.
 */
export const adamw = defineOptimizer({
  name: "adamw",
  paper: "https://arxiv.org/abs/1711.05101",
  hyper: {
    learningRate: rate(1e-3),
    beta1: beta(0.9),
    beta2: beta(0.999),
    epsilon: epsilon(1e-8),
    weightDecay: decay(1e-2),
  },
  options: { amsgrad: false, compat: ["torch", "optax", "keras"] },
  defaults: ({ compat }) => conventions[compat].defaults,
  state: (_, { amsgrad }) => ({ m: zeros, v: zeros, ...(amsgrad && { vMax: zeros }) }),
  update({ gradient: g, t, ...old }, { learningRate, beta1, beta2, epsilon, weightDecay }, { compat }) {
    const { epsilonHat, largestHat } = conventions[compat];
    const m = ema(beta1, old.m, g);
    const v = ema(beta2, old.v, g.square());
    const mHat = unbiased(m, beta1, t);
    const vMax = old.vMax?.maximum(largestHat ? unbiased(v, beta2, t) : v);
    const vHat = vMax && largestHat ? vMax : unbiased(vMax ?? v, beta2, t);
    const epsilonCorrected = epsilonHat ? epsilon.div(oneMinus(beta2.pow(t)).sqrt()) : epsilon;
    const step = learningRate.mul(mHat).div(vHat.sqrt().add(epsilonCorrected));
    return { step, decay: learningRate.mul(weightDecay), m, v, ...(vMax && { vMax }) };
  },
});
