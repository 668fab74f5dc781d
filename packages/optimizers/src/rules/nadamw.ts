import {
  beta,
  decay,
  defineOptimizer,
  ema,
  epsilon,
  oneMinus,
  rate,
  scalar,
  unbiased,
  zeros,
} from "@downhill/core";
import { nesterovMomentum } from "./nesterov-momentum.js";

/**
 * NAdam with decoupled weight decay: p ← p (1 - η λ), then the step of `nadam` from the gradient alone.
 *
 * Dozat 2016, algorithm 2, with the decay of Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019;
 * PyTorch's NAdam with `decoupled_weight_decay`.
 */
export const nadamw = defineOptimizer({
  name: "nadamw",
  paper: "https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ",
  hyper: {
    learningRate: rate(2e-3),
    beta1: beta(0.9),
    beta2: beta(0.999),
    epsilon: epsilon(1e-8),
    weightDecay: decay(1e-2),
    momentumDecay: decay(4e-3, "How fast the momentum approaches beta1."),
  },
  state: { m: zeros, v: zeros, product: scalar(1) },
  update({ gradient: g, t, ...old }, hyper) {
    const { learningRate, beta1, beta2, epsilon, weightDecay, momentumDecay: psi } = hyper;
    const mu = nesterovMomentum(beta1, t, psi);
    const muNext = nesterovMomentum(beta1, t.add(1), psi);
    const product = old.product.mul(mu);
    const m = ema(beta1, old.m, g);
    const v = ema(beta2, old.v, g.square());
    const gHat = oneMinus(mu).div(oneMinus(product)).mul(g);
    const mHat = muNext.div(oneMinus(product.mul(muNext))).mul(m);
    const denominator = unbiased(v, beta2, t).sqrt().add(epsilon);
    const step = learningRate.mul(gHat.add(mHat)).div(denominator);
    return { step, decay: learningRate.mul(weightDecay), m, v, product };
  },
});
