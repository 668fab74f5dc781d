import { bind, type Rule } from "@downhill/core";
import { expect, it } from "vitest";
import { adadelta, adam, lion, rmsprop } from "./index.js";

const firstGradients = Array.from({ length: 10 }, () => 0.01);
const gradients = Array.from({ length: 10 }, (_, i) => (i + 1) / 10);

/** The values in Keras's own tests, of ten parameters that begin at 1, after each of five steps. */
it.each<[string, Rule<any>, readonly number[]]>([
  ["Adam", adam({ compat: "keras", amsgrad: true }), [0.999, 0.9982, 0.9974, 0.9965, 0.9955]],
  ["RMSprop", rmsprop({ compat: "keras", centered: true }), [0.9967, 0.9933, 0.9908, 0.9885, 0.9864]],
  [
    "Adadelta",
    adadelta({ learningRate: 1, rho: 0.8, epsilon: 1e-6 }),
    [0.9978, 0.9947, 0.9915, 0.9882, 0.9849],
  ],
  ["Lion", lion({ learningRate: 1e-3 }), [0.999, 0.998, 0.997, 0.996, 0.995]],
])("%s passes Keras's own test", (_, rule, golden) => {
  const { parameters, ...stepper } = bind(rule, { x: new Float64Array(10).fill(1) });
  for (const [step, expected] of golden.entries()) {
    stepper.gradients.x.set(step === 0 ? firstGradients : gradients);
    stepper.step();
    for (const x of parameters.x) expect(Math.abs(x - expected)).toBeLessThanOrEqual(5e-4);
  }
});
