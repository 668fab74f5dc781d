import { math } from "@downhill/core";
import { atLeast, defaulted, number, whole } from "./arguments.js";
import { defineSchedule } from "./define.js";

/**
 * Cosine with warm restarts: cycle i has T·multiplier^i steps and falls by a cosine from
 * end + (value - end), with the value times amplitude^i, towards `endValue`, which only a restart's step skips.
 *
 * Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017, equation 5. The amplitude
 * is timm's and Keras's.
 */
export const cosineRestarts = defineSchedule({
  name: "cosine-restarts",
  source: "https://arxiv.org/abs/1608.03983",
  arguments: {
    steps: whole("Steps of the first cycle, T."),
    multiplier: defaulted(atLeast("Factor from one cycle's length to the next.", 1), 1),
    amplitude: defaulted(number("Factor from one cycle's largest value to the next."), 1),
    endValue: defaulted(number("Value that each cycle falls towards."), 0),
  },
  at(t, { value, steps, multiplier, amplitude, endValue }) {
    let cycle = multiplier === 1 ? Math.floor(t / steps) : 0;
    let since = t - cycle * steps;
    let length = steps;
    for (; since >= length; cycle++) {
      since -= length;
      length *= multiplier;
    }
    const peak = value * math.pow(amplitude, cycle);
    return endValue + ((peak - endValue) * (1 + math.cos((Math.PI * since) / length))) / 2;
  },
});
