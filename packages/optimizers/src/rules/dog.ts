import {
  copy,
  decay,
  defineOptimizer,
  epsilon,
  rate,
  scalar,
  sumOverParameters,
  type Tensor,
  where,
} from "@downhill/core";

/**
 * DoG: distance over gradients, SGD without a learning rate to tune.
 *
 *     g ← g + λ p
 *     r ← max(r, ‖p - p₀‖)    (r ← r_ε (1 + ‖p₀‖) at t = 1)
 *     G ← G + ‖g‖²            (from ε)
 *     p ← p - η r / √G g
 *
 * Norms over all parameters. Ivgi, Hinder, Carmon, "DoG is SGD's best friend: a parameter-free dynamic step size
 * schedule", ICML 2023, equation 1 and section 3; evaluate an average of the parameters (`ema`), as its section 4.
 */
export const dog = defineOptimizer({
  name: "dog",
  paper: "https://arxiv.org/abs/2302.12022",
  hyper: {
    learningRate: rate(1, "Factor of the step; leave it at 1."),
    repsRel: {
      default: 1e-6,
      above: 0,
      log: true,
      about: "First distance, relative to the parameters' norm.",
    },
    epsilon: epsilon(1e-8, "First value of the sum of squared gradient norms."),
    weightDecay: decay(0),
  },
  state: { p0: copy, r: scalar(0, "run"), G: scalar("epsilon", "run") },
  update({ parameter: p, gradient, t, ...old }, { learningRate, repsRel, weightDecay }) {
    const g = gradient.add(weightDecay.mul(p));
    const squared = (x: Tensor) => sumOverParameters(x.square().sum());
    const start = repsRel.mul(squared(p).sqrt().add(1));
    const r = where(t.eq(1), start, old.r.maximum(squared(p.sub(old.p0)).sqrt()));
    const G = old.G.add(squared(g));
    return { step: learningRate.mul(r).div(G.sqrt()).mul(g), p0: old.p0, r, G };
  },
});
