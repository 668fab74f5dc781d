import { defineOptimizer, where, zeros } from "@downhill/core";

/**
 * FTRL-Proximal: follow the regularized leader, with sparse parameters under an L1 penalty.
 *
 *     n' = n + g²
 *     σ = (√n' - √n) / α
 *     z ← z + g - σ p
 *     p ← 0 where |z| ≤ λ1,   else -(z - sign(z) λ1) / ((β + √n') / α + λ2)
 *
 * McMahan et al., "Ad click prediction: a view from the trenches", KDD 2013, algorithm 1. Parameters follow from z alone,
 * so that their start does not matter: one without a gradient so far becomes 0. Keras and TensorFlow start n at 0.1 and
 * have 2 λ2 for λ2.
 */
export const ftrl = defineOptimizer({
  name: "ftrl",
  paper: "https://doi.org/10.1145/2487575.2488200",
  hyper: {
    learningRate: { default: 0.1, above: 0, log: true, about: "Size of the steps, α." },
    beta: { default: 1, min: 0, about: "Added to the root of the sum of squared gradients." },
    l1: { default: 0, min: 0, log: true, about: "L1 penalty." },
    l2: { default: 0, min: 0, log: true, about: "L2 penalty." },
  },
  state: { z: zeros, n: zeros },
  update({ parameter: p, gradient: g, ...old }, { learningRate: alpha, beta, l1, l2 }) {
    const n = old.n.add(g.square());
    const sigma = n.sqrt().sub(old.n.sqrt()).div(alpha);
    const z = old.z.add(g).sub(sigma.mul(p));
    const shrunk = z.sub(z.sign().mul(l1)).neg();
    const parameter = where(z.abs().le(l1), 0, shrunk.div(beta.add(n.sqrt()).div(alpha).add(l2)));
    return { parameter, z, n };
  },
});
