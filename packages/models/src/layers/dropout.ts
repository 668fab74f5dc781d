import { random, type Tensor } from "@downhill/core";

/**
 * While training, sets a random part `rate` of the elements to 0 and divides the others by 1 - rate, so that the
 * mean stays (inverted dropout). Without a key, as when evaluating, x as it is. Layers of one net differ in
 * `stream`.
 *
 * Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15, 2014.
 */
export function dropout(x: Tensor, rate: number, key: Tensor | undefined, stream = 0): Tensor {
  if (key === undefined || rate === 0) return x;
  return x.mul(random.uniform(key, x.shape, stream).ge(rate)).div(1 - rate);
}
