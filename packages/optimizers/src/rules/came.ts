import { beta, decay, defineOptimizer, ema, rate, type Tensor, zeros } from "@downhill/core";
import { columnMeans, columns, isFactored, rowMeans, rows } from "./factored.js";
import { rms } from "./norms.js";

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
    clipThreshold: { default: 1, above: 0, about: "Largest root mean square of a tensor's update." },
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
    const clipped = (u: Tensor) => u.div(rms(u).div(d).maximum(1));
    if (old.v) {
      const v = ema(beta2, old.v, squared);
      const m = ema(beta1, old.m, clipped(g.div(v.sqrt())));
      return { step: learningRate.mul(m), decay, m, v };
    }
    const r = ema(beta2, old.r!, rowMeans(squared));
    const c = ema(beta2, old.c!, columnMeans(squared));
    const u = clipped(overRoot(g, r, c));
    const m = ema(beta1, old.m, u);
    const disagreement = u.sub(m).square().add(epsilon2);
    const R = ema(beta3, old.R!, rowMeans(disagreement));
    const C = ema(beta3, old.C!, columnMeans(disagreement));
    return { step: learningRate.mul(overRoot(m, R, C)), decay, m, r, c, R, C };
  },
});

/** x / √(r c / mean(r)), rows and columns apart, for their product underflows first. */
function overRoot(x: Tensor, r: Tensor, c: Tensor): Tensor {
  return x.mul(columnMeans(r).div(r).sqrt()).div(c.sqrt());
}
