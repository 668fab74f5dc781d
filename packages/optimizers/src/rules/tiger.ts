import { beta, decay, defineOptimizer, ema, rate, zeros } from "@downhill/core";

/**
 * Tiger: tight-fisted optimizer; Signum's update with a decay by default.
 *
 *     m ← β m + (1 - β) g
 *     p ← p (1 - η λ) - η sign(m)
 *
 * Su, "Tiger: a tight-fisted optimizer", 2023, without its rates per kind of layer.
 */
export const tiger = defineOptimizer({
  name: "tiger",
  paper: "https://kexue.fm/archives/9512",
  hyper: { learningRate: rate(1e-3), beta: beta(0.965), weightDecay: decay(1e-2) },
  state: { m: zeros },
  update({ gradient: g, ...old }, { learningRate, beta, weightDecay }) {
    const m = ema(beta, old.m, g);
    return { step: learningRate.mul(m.sign()), decay: learningRate.mul(weightDecay), m };
  },
});
