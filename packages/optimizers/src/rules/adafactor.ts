import { decay, defineOptimizer, ema, oneMinus, rate, zeros } from "@downhill/core";
import { columnMeans, columns, isFactored, rowMeans, rows } from "./factored.js";
import { clipRms, rms } from "./norms.js";

/**
 * Adafactor: second moments of matrices by their rows and columns alone, and steps in the parameters' own scale.
 *
 *     ρ = min(η, 1/√t),   α = max(ε2, RMS(p)) ρ,   β2 = 1 - t^c
 *     R ← β2 R + (1 - β2) mean over columns of g²
 *     C ← β2 C + (1 - β2) mean over rows of g²
 *     V = R C / max(mean(R), ε1)    (vectors and scalars: V ← β2 V + (1 - β2) g²)
 *     U = g / √max(V, ε1²)
 *     p ← p (1 - η λ) - α U / max(1, RMS(U) / d)
 *
 * Shazeer and Stern, "Adafactor: adaptive learning rates with sublinear memory cost", ICML 2018, algorithms 4 and 5, in
 * PyTorch's form: it bounds V from below where the paper adds ε1 = 1e-30 to g², and has min(η, 1/√t) for ρ. optax
 * factors only where both lengths are at least 128 and has no relative step.
 */
export const adafactor = defineOptimizer({
  name: "adafactor",
  paper: "https://arxiv.org/abs/1804.04235",
  hyper: {
    learningRate: rate(1e-2, "Upper bound of the relative step size."),
    beta2Decay: {
      default: -0.8,
      max: 0,
      about: "Exponent c of 1 - t^c, the decay factor of the second moment.",
    },
    epsilon1: {
      default: Number.EPSILON,
      above: 0,
      log: true,
      about: "Lower bound of the root of the second moment.",
    },
    epsilon2: { default: 1e-3, min: 0, log: true, about: "Lower bound of the parameters' scale." },
    clipThreshold: {
      default: 1,
      above: 0,
      max: Infinity,
      about: "Largest root mean square of a tensor's update.",
    },
    weightDecay: decay(0),
  },
  state: ({ shape }) => ({
    ...(isFactored(shape) && { R: rows, C: columns }),
    ...(!isFactored(shape) && { V: zeros }),
  }),
  update({ parameter: p, gradient: g, t, ...old }, hyper) {
    const { learningRate, beta2Decay, epsilon1, epsilon2, clipThreshold: d, weightDecay } = hyper;
    const alpha = rms(p)
      .maximum(epsilon2)
      .mul(learningRate.minimum(t.pow(-0.5)));
    const beta2 = oneMinus(t.pow(beta2Decay));
    const R = old.R && ema(beta2, old.R, rowMeans(g.square()));
    const C = old.C && ema(beta2, old.C, columnMeans(g.square()));
    const V = old.V && ema(beta2, old.V, g.square());
    const moment = V ?? R!.mul(C!).div(columnMeans(R!).maximum(epsilon1));
    const U = g.div(moment.maximum(epsilon1.square()).sqrt());
    return {
      step: alpha.mul(clipRms(U, d)),
      decay: learningRate.mul(weightDecay),
      ...(V ? { V } : { R: R!, C: C! }),
    };
  },
});
