import { math } from "@downhill/core";
import { choice, defaulted, flag, fraction, number, optional, steps } from "./arguments.js";
import { defineSchedule } from "./define.js";

const shapes = {
  cos: (a: number, b: number, x: number) => b + ((a - b) / 2) * (1 + math.cos(Math.PI * x)),
  linear: (a: number, b: number, x: number) => a + (b - a) * x,
};

/**
 * One cycle: from `initialValue` up to the value, the peak, then down to `endValue`; with `threePhase` back to
 * `initialValue` in as many steps as it took up, then to `endValue`. Stays at its end.
 *
 * PyTorch's div_factor is value / initialValue, its final_div_factor initialValue / endValue; their defaults, 25 and
 * 10⁴, are ours. Its cycle of momentum is another schedule: `oneCycle(0.85, { steps, initialValue: 0.95, endValue:
 * 0.95 })`. The peak is at step F·T - 1, which need not be whole, and the end at step T - 1, the run's last; in optax
 * at ⌊F·T⌋ and T.
 *
 * Smith and Topin, "Super-convergence: very fast training of neural networks using large learning rates", 2018.
 */
export const oneCycle = defineSchedule({
  name: "one-cycle",
  source: "https://arxiv.org/abs/1708.07120",
  arguments: {
    steps: steps("Steps of the cycle, T."),
    warmupFraction: defaulted(fraction("Fraction of the steps that goes up, F."), 0.3),
    initialValue: optional(number("Value at step 0; value / 25 when left out.")),
    endValue: optional(number("Value at the end; initialValue / 10⁴ when left out.")),
    anneal: defaulted(choice("Shape of the slopes.", ["cos", "linear"]), "cos"),
    threePhase: defaulted(flag("Whether it goes back to initialValue first, then on to endValue."), false),
    convention: defaulted(choice("Where peak and end are.", ["torch", "optax"]), "torch"),
  },
  check: ({ warmupFraction, threePhase }) =>
    threePhase && warmupFraction > 0.5
      ? `warmupFraction = ${warmupFraction} leaves no third phase; expected at most 0.5 with threePhase.`
      : undefined,
  at(t, { value, steps, warmupFraction, anneal, threePhase, convention, ...given }) {
    const initialValue = given.initialValue ?? value / 25;
    const endValue = given.endValue ?? initialValue / 1e4;
    const up = warmupFraction * steps;
    const [peak, end] = convention === "torch" ? [up - 1, steps - 1] : [Math.floor(up), steps];
    const slope = (from: number, a: number, to: number, b: number) =>
      shapes[anneal](a, b, Math.min((t - from) / (to - from), 1));
    if (t < peak) return slope(0, initialValue, peak, value);
    if (!threePhase) return slope(peak, value, end, endValue);
    if (t < 2 * peak) return slope(peak, value, 2 * peak, initialValue);
    return slope(2 * peak, initialValue, end, endValue);
  },
});
