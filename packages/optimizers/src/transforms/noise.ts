import { defineTransform, random, randomStream } from "@downhill/core";

/**
 * Gradient noise: adds normal noise whose variance falls with the updates t = 1, 2, …: `noise(0.01)`.
 *
 *     g ← g + N(0, η / t^γ)
 *
 * The noise depends on the driver's seed, the step and the parameter's name, and is the same on every engine.
 *
 * Neelakantan et al., "Adding gradient noise improves learning for very deep networks", 2015, equation 1, whose t
 * begins at 0: η / (1 + t)^γ.
 */
export const noise = defineTransform({
  name: "noise",
  paper: "https://arxiv.org/abs/1511.06807",
  hyper: {
    eta: { default: 0.01, min: 0, log: true, about: "Variance at the first update." },
    gamma: { default: 0.55, min: 0, about: "How fast the variance falls." },
  },
  main: "eta",
  update({ name, gradient: g, t, key }, { eta, gamma }) {
    // A stream of its own for each parameter, below 2^30 because `normal` needs two of 2^31.
    const stream = randomStream(0)
      .fork(name)
      .integer(2 ** 30);
    const deviation = eta.div(t.pow(gamma)).sqrt();
    return { gradient: g.add(deviation.mul(random.normal(key, g.shape, stream))) };
  },
});
