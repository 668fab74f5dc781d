import { formatShape, ShapeError, sameShape, sizeOf } from "../expr/shape.js";
import type { Tensor } from "../expr/tensor.js";
import type { Operator } from "./operator.js";

/** The last two axes exchanged. */
function swap(x: Tensor): Tensor {
  const rank = x.shape.length;
  return x.transpose(x.shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis)));
}

export const products = {
  dot: {
    shape: ([a, b]) => {
      if (sameShape(a!, b!)) return [];
      throw new ShapeError(
        `dot: shapes ${formatShape(a!)} and ${formatShape(b!)} differ; they must be equal.`,
      );
    },
    value: ([a, b]) => Float64Array.of(a!.data.reduce((sum, x, i) => sum + x * b!.data[i]!, 0)),
    derivative: (g, _, [a, b]) => [b!.mul(g), a!.mul(g)],
    lower: ([a, b]) => a!.mul(b!).sum(),
  } satisfies Operator,
  /** [..., m, k] times [..., k, n]. Transposed operands are views, which no engine needs to copy. */
  matmul: {
    shape: ([a, b]) => {
      if (a!.at(-1) !== b!.at(-2)) {
        throw new ShapeError(
          `matmul: shapes ${formatShape(a!)} and ${formatShape(b!)} do not fit: ` +
            `the left one has ${a!.at(-1)} columns, the right one ${b!.at(-2)} rows.`,
        );
      }
      return [...a!.slice(0, -1), b!.at(-1)!];
    },
    value([a, b], _, shape) {
      const [m, n] = shape.slice(-2) as [number, number];
      const k = a!.shape.at(-1)!;
      const result = new Float64Array(sizeOf(shape));
      for (let row = 0; row * n < result.length; row++) {
        const batch = Math.floor(row / m);
        for (let l = 0; l < k; l++) {
          const x = a!.data[row * k + l]!;
          for (let j = 0; j < n; j++) result[row * n + j]! += x * b!.data[(batch * k + l) * n + j]!;
        }
      }
      return result;
    },
    derivative: (g, _, [a, b]) => [g.matmul(swap(b!)), swap(a!).matmul(g)],
  } satisfies Operator,
};
