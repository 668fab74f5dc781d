import { formatShape, ShapeError, sizeOf } from "../expr/shape.js";
import type { Tensor } from "../expr/tensor.js";
import type { Operator } from "./operator.js";

/** The last two axes exchanged. */
function swap(x: Tensor): Tensor {
  const rank = x.shape.length;
  return x.transpose(x.shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis)));
}

export const products = {
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
      for (let i = 0; i < result.length; i++) {
        const batch = Math.floor(i / (m * n));
        const row = Math.floor(i / n) % m;
        for (let l = 0; l < k; l++) {
          result[i]! += a!.data[(batch * m + row) * k + l]! * b!.data[(batch * k + l) * n + (i % n)]!;
        }
      }
      return result;
    },
    derivative: (g, _, [a, b]) => [g.matmul(swap(b!)), swap(a!).matmul(g)],
  } satisfies Operator,
};
