import { beta, defineOptimizer, ema, oneMinus, rate, zeros } from "@downhill/core";

/**
 * Quasi-hyperbolic momentum: steps between the gradient and its moving average.
 *
 *     m ← β m + (1 - β) g
 *     p ← p - η ((1 - ν) g + ν m)
 *
 * Ma and Yarats, "Quasi-hyperbolic momentum and Adam for deep learning", ICLR 2019, equations 3 and 4.
 */
export const qhm = defineOptimizer({
  name: "qhm",
  paper: "https://arxiv.org/abs/1810.06801",
  hyper: {
    learningRate: rate(1),
    beta: beta(0.999),
    nu: { default: 0.7, min: 0, max: 1, about: "Weight of the moving average in a step." },
  },
  state: { m: zeros },
  update({ gradient: g, ...old }, { learningRate, beta, nu }) {
    const m = ema(beta, old.m, g);
    return { step: learningRate.mul(oneMinus(nu).mul(g).add(nu.mul(m))), m };
  },
});
