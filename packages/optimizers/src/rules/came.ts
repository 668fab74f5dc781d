import { beta, decay, defineOptimizer, ema, rate, zeros } from "@downhill/core";
import { columns, emaFactors, isFactored, overRoot, rows } from "./factored.js";
import { clipRms } from "./norms.js";

/**
 * CAME: Adafactor with momentum, whose steps shrink where update and momentum disagree.
 *
 *     r, c ← means over columns and rows of g² + ε1, averaged with β2;   u = g / √(r c / mean(r))
 *     u ← u / max(1, RMS(u) / d)
 *     m ← β1 m + (1 - β1) u
 *     R, C ← means over columns and rows of (u - m)² + ε2, averaged with β3
 *     p ← p (1 - η λ) - η m / √(R C / mean(R))
 *
 * Luo et al., "CAME: confidence-guided adaptive memory efficient optimization", ACL 2023, algorithm 2. Vectors and
 * scalars keep a full second moment, and step by m.
 */
export const came = defineOptimizer({
  name: "came",
  paper: "https://arxiv.org/abs/2307.02047",
  hyper: {
    learningRate: rate(2e-4),
    beta1: beta(0.9),
    beta2: beta(0.999),
    beta3: beta(0.9999, "Decay factor of the mean disagreement."),
    epsilon1: { default: 1e-30, min: 0, log: true, about: "Added to squared gradients." },
    epsilon2: { default: 1e-16, min: 0, log: true, about: "Added to squared disagreements." },
    clipThreshold: {
      default: 1,
      above: 0,
      max: Infinity,
      about: "Largest root mean square of a tensor's update.",
    },
    weightDecay: decay(0),
  },
  state: ({ shape }) => ({
    m: zeros,
    ...(isFactored(shape) && { r: rows, c: columns, R: rows, C: columns }),
    ...(!isFactored(shape) && { v: zeros }),
  }),
  update({ gradient: g, ...old }, hyper) {
    const { learningRate, beta1, beta2, beta3, epsilon1, epsilon2, clipThreshold: d, weightDecay } = hyper;
    const squared = g.square().add(epsilon1);
    const decay = learningRate.mul(weightDecay);
    if (old.v) {
      const v = ema(beta2, old.v, squared);
      const m = ema(beta1, old.m, clipRms(g.div(v.sqrt()), d));
      return { step: learningRate.mul(m), decay, m, v };
    }
    const [r, c] = emaFactors(beta2, [old.r!, old.c!], squared);
    const u = clipRms(overRoot(g, r, c), d);
    const m = ema(beta1, old.m, u);
    const disagreement = u.sub(m).square().add(epsilon2);
    const [R, C] = emaFactors(beta3, [old.R!, old.C!], disagreement);
    return { step: learningRate.mul(overRoot(m, R, C)), decay, m, r, c, R, C };
  },
});
