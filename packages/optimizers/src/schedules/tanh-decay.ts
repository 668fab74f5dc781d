import { math } from "@downhill/core";
import { defaulted, number, steps } from "./arguments.js";
import { defineSchedule } from "./define.js";

/**
 * Hyperbolic tangent decay: end + (value - end)/2·(1 - tanh(L (1 - z) + U z)) with z = t/T. From step T on it is
 * `endValue` itself, a jump by (1 - tanh U)/2 of the height, as in timm.
 *
 * Hsueh, Li, Wu, "Stochastic gradient descent with hyperbolic-tangent decay on classification", WACV 2019.
 */
export const tanhDecay = defineSchedule({
  name: "tanh-decay",
  source: "https://arxiv.org/abs/1806.01593",
  arguments: {
    steps: steps("Step at which endValue is reached, T."),
    endValue: defaulted(number("Value at the end."), 0),
    lower: defaulted(number("Argument of tanh at step 0, L."), -7),
    upper: defaulted(number("Argument of tanh at step T, U."), 3),
  },
  at(t, { value, steps, endValue, lower, upper }) {
    if (t >= steps) return endValue;
    const z = t / steps;
    return endValue + ((value - endValue) / 2) * (1 - math.tanh(lower * (1 - z) + upper * z));
  },
});
