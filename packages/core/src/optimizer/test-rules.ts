import { ema } from "../expr/functions.js";
import { defineMethod } from "../minimize/define-method.js";
import { sumOverParameters } from "./across-parameters.js";
import { defineOptimizer, defineTransform } from "./define.js";
import { beta, epsilon, rate } from "./hyper.js";
import { ask } from "./method.js";
import { scalar, zeros } from "./slot.js";

/** Small optimizers for core's own tests; the real ones are in @downhill/optimizers. */
export const descent = defineOptimizer({
  name: "descent",
  paper: "Cauchy 1847",
  hyper: { learningRate: rate(0.1) },
  update: ({ gradient: g }, { learningRate }) => ({ step: learningRate.mul(g) }),
});

export const heavyBall = defineOptimizer({
  name: "heavy-ball",
  paper: "Polyak 1964",
  hyper: { learningRate: rate(0.1), momentum: beta(0.9) },
  state: { b: zeros },
  update({ gradient: g, b }, { learningRate, momentum }) {
    const next = momentum.mul(b).add(g);
    return { step: learningRate.mul(next), b: next };
  },
});

export const adam = defineOptimizer({
  name: "adam",
  paper: "Kingma & Ba 2015, algorithm 1",
  hyper: { learningRate: rate(1e-3), beta1: beta(0.9), beta2: beta(0.999), epsilon: epsilon(1e-8) },
  state: { m: zeros, v: zeros },
  update({ gradient: g, t, ...old }, { learningRate, beta1, beta2, epsilon }) {
    const m = ema(beta1, old.m, g);
    const v = ema(beta2, old.v, g.square());
    const mHat = m.div(beta1.pow(t).neg().add(1));
    const vHat = v.div(beta2.pow(t).neg().add(1));
    return { step: learningRate.mul(mHat).div(vHat.sqrt().add(epsilon)), m, v };
  },
});

/** Polyak's step: uses the loss itself. */
export const polyak = defineOptimizer({
  name: "polyak",
  paper: "Polyak 1987, section 5.3.2",
  hyper: { lowest: { default: 0, about: "The least value of the objective." } },
  update: ({ gradient: g, value }, { lowest }) => ({
    step: value.sub(lowest).div(sumOverParameters(g.square().sum())).mul(g),
  }),
});

/** Averages its points: trains one, evaluates another. Counts on the host and on the device. */
export const averaged = defineOptimizer({
  name: "averaged",
  paper: "Polyak & Juditsky 1992",
  hyper: { learningRate: rate(0.1) },
  state: { sum: zeros, count: scalar(0, "run"), loss: scalar(0, "run") },
  update({ parameter: p, gradient: g, value, sum, count, loss }, { learningRate }) {
    const step = learningRate.mul(g);
    return { step, sum: sum.add(p.sub(step)), count: count.add(1), loss: loss.add(value) };
  },
  view: ({ parameter, sum, count }) => count.eq(0).where(parameter, sum.div(count.maximum(1))),
});

export const clipNorm = defineTransform({
  name: "clip-norm",
  hyper: { maxNorm: { default: 1, above: 0, about: "Largest norm." } },
  update({ gradient: g }, { maxNorm }) {
    const norm = sumOverParameters(g.square().sum()).sqrt();
    return { gradient: g.mul(maxNorm.div(norm.add(1e-6)).minimum(1)) };
  },
});

/** Passes the mean of this gradient and the one before. */
export const smooth = defineTransform({
  name: "smooth",
  hyper: {},
  state: { last: zeros },
  update: ({ gradient: g, last }) => ({ gradient: g.add(last).div(2), last: g }),
});

export const backtracking = defineMethod({
  name: "backtracking",
  paper: "Armijo 1966",
  hyper: { c1: rate(1e-4) },
  start: () => ({ alpha: 1 }),
  *step({ x, at, state }, { c1 }) {
    const slope = at.gradient.dot(at.gradient);
    let { alpha } = state;
    for (let i = 0; i < 60; i++, alpha /= 2) {
      const y = x.clone().axpy(-alpha, at.gradient);
      const value = yield* ask.value(y);
      if (value < at.value && value <= at.value - c1 * alpha * slope) {
        return { x: y, at: yield* ask.gradient(y), state: { alpha: 2 * alpha } };
      }
    }
    return { x, at, state, stalled: "No decrease along the negative gradient after 60 halvings." };
  },
});
