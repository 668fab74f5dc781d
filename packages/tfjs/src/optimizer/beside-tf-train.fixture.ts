import type { Rule } from "@downhill/core";
import { adagrad, adam, adamax, rmsprop, sgd } from "@downhill/optimizers";
import * as tf from "@tensorflow/tfjs-core";
import { tfOptimizer } from "./tf-optimizer.js";

type Pair = readonly [name: string, theirs: () => tf.Optimizer, ours: () => Rule<any>];

const compat = "tfjs";

/** The optimizers that tfjs has right, and ours in its conventions. */
export const pairs: readonly Pair[] = [
  ["sgd", () => tf.train.sgd(0.1), () => sgd({ learningRate: 0.1, compat })],
  ["momentum", () => tf.train.momentum(0.1, 0.9), () => sgd({ learningRate: 0.1, momentum: 0.9, compat })],
  [
    "nesterov",
    () => tf.train.momentum(0.1, 0.9, true),
    () => sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true, compat }),
  ],
  ["adagrad", () => tf.train.adagrad(0.1), () => adagrad({ learningRate: 0.1, compat })],
  ["adam", () => tf.train.adam(0.01, 0.9, 0.999, 1e-7), () => adam({ learningRate: 0.01, compat })],
  ["adamax", () => tf.train.adamax(0.01), () => adamax({ learningRate: 0.01, compat })],
  [
    "rmsprop",
    () => tf.train.rmsprop(0.01, 0.9, 0.5, 1e-7),
    () => rmsprop({ learningRate: 0.01, momentum: 0.5, compat }),
  ],
];

const start = [1, -2, 0.5, 3];

/** Where 100 steps on a bowl lead on the backend in use; throws where they lead nowhere. */
async function reach(optimizer: tf.Optimizer): Promise<number[]> {
  const w = tf.tidy(() => tf.variable(tf.tensor1d(start), true));
  const c = tf.tensor1d([1, 3, 0.3, 2]);
  const loss = () => tf.sum(tf.mul(c, tf.square(tf.sub(w, 0.5)))) as tf.Scalar;
  for (let t = 0; t < 100; t++) optimizer.minimize(loss, false, [w]);
  const reached = Array.from(await w.data());
  tf.dispose([w, c]);
  optimizer.dispose();
  if (String(reached) === String(start)) throw new Error("The optimizer moved nothing.");
  return reached;
}

/** How far apart tfjs's optimizer and ours end, relative to the larger of 1 and each number. */
export async function distanceFromTfTrain(
  theirs: () => tf.Optimizer,
  ours: () => Rule<any>,
): Promise<number> {
  const [expected, made] = [await reach(theirs()), await reach(tfOptimizer(ours()))];
  return Math.max(...made.map((x, i) => Math.abs(x - expected[i]!) / Math.max(1, Math.abs(expected[i]!))));
}
