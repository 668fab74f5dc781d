import { type Random, sizeOf } from "@downhill/core";

/** Numbers for a weight of shape [in, out], row-major. */
export type Initialize = (shape: readonly [number, number], random: Random) => Float64Array;

/**
 * Ways to start a weight, by variance. For n = in + out Glorot & Bengio 2010 ("Xavier"): 2 / n; for `in` alone
 * He et al. 2015 ("Kaiming"), after relu and its kin: 2 / in; LeCun et al. 1998: 1 / in. Uniform in ±√(3·variance),
 * or normal. Normals are not truncated: as in PyTorch, unlike Keras.
 */
export const initializers = {
  glorotUniform: scaled(uniform, (fanIn, fanOut) => 2 / (fanIn + fanOut)),
  glorotNormal: scaled(normal, (fanIn, fanOut) => 2 / (fanIn + fanOut)),
  heUniform: scaled(uniform, (fanIn) => 2 / fanIn),
  heNormal: scaled(normal, (fanIn) => 2 / fanIn),
  lecunUniform: scaled(uniform, (fanIn) => 1 / fanIn),
  lecunNormal: scaled(normal, (fanIn) => 1 / fanIn),
  zeros: (shape: readonly [number, number]) => new Float64Array(sizeOf(shape)),
} satisfies Record<string, Initialize>;

export type Initializer = keyof typeof initializers;

function scaled(
  draw: (random: Random) => number,
  variance: (fanIn: number, fanOut: number) => number,
): Initialize {
  return (shape, random) => {
    const deviation = Math.sqrt(variance(...shape));
    return Float64Array.from({ length: sizeOf(shape) }, () => deviation * draw(random));
  };
}

/** Uniform of mean 0 and variance 1. */
function uniform(random: Random): number {
  return Math.sqrt(3) * (2 * random.uniform() - 1);
}

function normal(random: Random): number {
  return random.normal();
}
