import { beta, decay, defineOptimizer, ema, rate, zeros } from "@downhill/core";

/** Lion (Chen et al., 2023, https://arxiv.org/abs/2302.06675, algorithm 2). */
export const lion = defineOptimizer({
  name: "lion",
  paper: "https://arxiv.org/abs/2302.06675",
  hyper: { learningRate: rate(1e-4), beta1: beta(0.9), beta2: beta(0.99), weightDecay: decay(0) },
  state: { m: zeros },
  update({ gradient: g, m }, { learningRate, beta1, beta2, weightDecay }) {
    const c = ema(beta1, m, g);
    return { step: learningRate.mul(c.sign()), decay: learningRate.mul(weightDecay), m: ema(beta2, m, g) };
  },
});
