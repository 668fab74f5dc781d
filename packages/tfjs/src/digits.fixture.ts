import { chain } from "@downhill/core";
import { digits } from "@downhill/datasets";
import { adamw, clipByGlobalNorm, cosine, warmup } from "@downhill/optimizers";
import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import { tfOptimizer } from "./optimizer/tf-optimizer.js";

const initializer = (seed: number) => tfl.initializers.heNormal({ seed });

/** Nets for the digits, the same at each call. */
export const nets = {
  dense: () =>
    tfl.sequential({
      layers: [
        tfl.layers.flatten({ inputShape: [8, 8, 1] }),
        tfl.layers.dense({ units: 32, activation: "relu", kernelInitializer: initializer(1) }),
        tfl.layers.dense({ units: 10, activation: "softmax", kernelInitializer: initializer(2) }),
      ],
    }),
  convolutional: () =>
    tfl.sequential({
      layers: [
        tfl.layers.conv2d({
          filters: 8,
          kernelSize: 3,
          strides: 2,
          activation: "relu",
          inputShape: [8, 8, 1],
          kernelInitializer: initializer(1),
        }),
        tfl.layers.flatten(),
        tfl.layers.dense({ units: 10, activation: "softmax", kernelInitializer: initializer(2) }),
      ],
    }),
};

/** Trains with a drop-in: the accuracy on digits kept apart, the paths of its updates, and how many tensors are left. */
export async function learnDigits(backend: string, make: () => tfl.Sequential) {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const learningRate = warmup(10, cosine(0.02, { steps: 90 }));
  const optimizer = tfOptimizer(chain(clipByGlobalNorm(1), adamw({ learningRate })));
  const accuracy = await trainOnDigits(make, optimizer, 4);
  const paths = [...new Set(Object.values(optimizer.fallback).map(({ path }) => path))];
  optimizer.dispose();
  return { accuracy, paths, left: tf.memory().numTensors - before };
}

/** Trains on the digits and returns the accuracy on those kept apart. Leaves no tensors but the optimizer's. */
async function trainOnDigits(
  make: () => tfl.Sequential,
  optimizer: tf.Optimizer,
  epochs: number,
): Promise<number> {
  const { train, test } = digits().split({ test: 0.2, stratify: true, seed: 1 });
  const tensors = ({ rows, values }: typeof train) => ({
    x: tf.tensor4d(
      Float32Array.from(values.x.data, (x) => x / 16),
      [rows, 8, 8, 1],
    ),
    y: tf.tidy(() => tf.oneHot(tf.tensor1d(Array.from(values.y.data), "int32"), 10)),
  });
  const [fitted, held] = [tensors(train), tensors(test)];
  const net = make();
  net.compile({ optimizer, loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  await net.fit(fitted.x, fitted.y, { epochs, batchSize: 64, shuffle: false, yieldEvery: "never" });
  const [loss, accuracy] = net.evaluate(held.x, held.y) as tf.Scalar[];
  const [reached] = await accuracy!.data();
  tf.dispose([loss, accuracy, fitted, held] as never);
  net.dispose();
  return reached!;
}
