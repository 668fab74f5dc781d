import { type Shape, sizeOf } from "../expr/shape.js";
import { cos, log } from "../math/index.js";
import { forkKey, type Key, uniform32 } from "../random/index.js";
import type { Operator } from "./operator.js";

interface Stream {
  readonly shape: Shape;
  readonly stream: number;
}

/**
 * The two streams of uniforms that a stream of normals is made of: in the upper half of the 32-bit streams, so that no
 * uniform drawn below 2^31 shares its numbers.
 */
const pairOf = (stream: number) => [2 ** 31 + 2 * stream, 2 ** 31 + 2 * stream + 1] as const;

const stepKey = (seed: Key, step: number) => forkKey(seed, "step", step);

const uniform = {
  shape: (_, { shape }) => shape,
  value: ([key], { stream }, shape) =>
    Float64Array.from({ length: sizeOf(shape) }, (_, i) => uniform32(key!.data[0]!, stream, i)),
  derivative: () => [undefined],
  stepKey,
} satisfies Operator<Stream>;

/**
 * Counter-based noise: element i depends on the key, the stream and i alone, so every engine draws the same
 * numbers. Uniforms are multiples of 2^-24 in [0, 1), exact in float32.
 */
export const noise = {
  uniform,
  /** Standard normal by Box and Muller (1958), from two streams of uniforms of its own. */
  normal: {
    shape: (_, { shape }) => shape,
    value: ([key], { stream }, shape) => {
      const [first, second] = pairOf(stream);
      return Float64Array.from({ length: sizeOf(shape) }, (_, i) => {
        const u = 1 - uniform32(key!.data[0]!, first, i);
        const v = uniform32(key!.data[0]!, second, i);
        return Math.sqrt(-2 * log(u)) * cos(2 * Math.PI * v);
      });
    },
    derivative: () => [undefined],
    lower: ([key], { shape, stream }, apply) => {
      const [first, second] = pairOf(stream);
      const u = apply("uniform", [key!], { shape, stream: first }, uniform).neg().add(1);
      const v = apply("uniform", [key!], { shape, stream: second }, uniform);
      return u
        .log()
        .mul(-2)
        .sqrt()
        .mul(v.mul(2 * Math.PI).cos());
    },
    stepKey,
  } satisfies Operator<Stream>,
};
