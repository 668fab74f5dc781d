import { tensor } from "@downhill/core";

/** A matrix, a vector and a scalar. */
export const shapesOf = { w: [3, 4], b: [4], s: [] } as const;

/** Parameters of both signs, none of them 0. */
export function parameters({ float32 = false, rounded = false, sign = 1 } = {}) {
  const make = (name: keyof typeof shapesOf) => {
    const shape = shapesOf[name];
    const size = shape.reduce<number>((a, b) => a * b, 1);
    const values = Float64Array.from({ length: size }, (_, i) => {
      const x = sign * (Math.sin(3 * i + name.length + name.charCodeAt(0)) + 1.2 * (i % 2 === 0 ? 1 : -1));
      return rounded ? Math.fround(x) : x;
    });
    return tensor(float32 ? Float32Array.from(values) : values, shape);
  };
  return { w: make("w"), b: make("b"), s: make("s") };
}

/** Gradients with sign flips, zeros, and magnitudes from 1e-6 to 1e3. */
export function gradientAt(step: number, name: string, element: number): number {
  const wave = Math.sin(0.7 * step + 1.9 * element + name.charCodeAt(0));
  if ((step + element) % 7 === 0) return 0;
  return wave * 10 ** (((element * 5 + name.charCodeAt(0)) % 10) - 6);
}
