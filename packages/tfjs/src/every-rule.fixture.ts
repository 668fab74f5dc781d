import { bind, type Data, tensor as downhillTensor, type Rule } from "@downhill/core";
import { catalogue } from "@downhill/optimizers";
import * as tf from "@tensorflow/tfjs-core";
import { tfOptimizer } from "./optimizer/tf-optimizer.js";

const start = {
  w: { shape: [5, 3], data: Array.from({ length: 15 }, (_, i) => Math.sin(i + 1) * 2) },
  b: { shape: [3], data: [0.3, -0.2, 0.1] },
  s: { shape: [], data: [1.5] },
};
type Name = keyof typeof start;
const names = Object.keys(start) as Name[];

/** Gradients and losses that depend on the step alone, exact in float32. */
const gradientAt = (name: Name, t: number) =>
  Float32Array.from(start[name].data, (_, i) => Math.sin(1.7 * t + 3 * i + name.charCodeAt(0)) + 0.25);
const lossAt = (t: number) => Math.fround(2 + Math.cos(t));

/** Every rule at its defaults, but for those that float32 does not resolve there. */
export const rules: readonly (readonly [name: string, make: () => Rule<any>])[] = Object.entries(
  catalogue.rules,
).map(([name, make]) => [name, () => make(settings[name] ?? {})]);

// Both divide by their first estimate of a distance, which float32 must resolve.
const settings: Readonly<Record<string, object>> = { prodigy: { d0: 1e-3 }, dog: { repsRel: 1e-2 } };

/** 1e-5, but where a step size is itself an estimate that rounding moves. */
export const boundOf = (name: string): number => (name === "prodigy" ? 1e-4 : 1e-5);

/**
 * The largest deviation of `steps` steps on the backend in use from Downhill's float64 reference, over each element's
 * largest magnitude.
 */
export async function deviationFromFloat64(make: () => Rule<any>, steps = 100): Promise<number> {
  const reference = bind(
    make(),
    Object.fromEntries(
      names.map((name): [string, Data] => [
        name,
        downhillTensor(Float64Array.from(start[name].data, Math.fround), start[name].shape),
      ]),
    ),
  );
  const variables = names.map((name) =>
    tf.tidy(() => tf.variable(tf.tensor(start[name].data, start[name].shape), true, `every-rule/${name}`)),
  );
  const optimizer = tfOptimizer(make());
  let worst = 0;
  const magnitudes = names.map((name) => start[name].data.map(Math.abs));
  try {
    for (let t = 1; t <= steps; t++) {
      for (const name of names) reference.gradients[name]!.data.set(gradientAt(name, t));
      reference.step({ value: lossAt(t) });
      const loss = tf.customGrad((...inputs) => ({
        value: tf.scalar(lossAt(t)),
        gradFunc: () =>
          inputs.slice(0, 3).map((_, i) => tf.tensor(gradientAt(names[i]!, t), start[names[i]!].shape)),
      }));
      optimizer.minimize(() => loss(...variables) as tf.Scalar, false, variables);
      if (t % 10 > 0 && t > 5) continue;
      for (const [k, name] of names.entries()) {
        const expected = reference.parameters[name]!.data;
        const made = await variables[k]!.data();
        expected.forEach((value, i) => {
          const magnitude = (magnitudes[k]![i] = Math.max(magnitudes[k]![i]!, Math.abs(value)));
          const deviation = Math.abs(made[i]! - value) / magnitude;
          worst = Math.max(worst, deviation);
        });
      }
    }
  } finally {
    optimizer.dispose();
    tf.dispose(variables);
    reference.dispose();
  }
  return worst;
}
