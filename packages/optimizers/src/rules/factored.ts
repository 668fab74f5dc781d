import { constant, ema, type Shape, type Slot, type Tensor } from "@downhill/core";

/** Whether a tensor's second moment is kept by rows and columns: it is a matrix, or a stack of them. */
export function isFactored(shape: Shape): boolean {
  return shape.length >= 2;
}

/** One number for each row of a matrix, as [..., m, 1]; starts at 0. */
export const rows: Slot = {
  per: "tensor",
  init: ({ parameter: { shape } }) => constant(0, [...shape.slice(0, -1), 1]),
};

/** One number for each column of a matrix, as [..., 1, n]; starts at 0. */
export const columns: Slot = {
  per: "tensor",
  init: ({ parameter: { shape } }) => constant(0, [...shape.slice(0, -2), 1, shape.at(-1)!]),
};

/** Means of a matrix over its columns, as [..., m, 1]. */
export function rowMeans(x: Tensor): Tensor {
  return x.mean(-1, { keepDims: true });
}

/** Means of a matrix over its rows, as [..., 1, n]. */
export function columnMeans(x: Tensor): Tensor {
  return x.mean(-2, { keepDims: true });
}

/** The moving averages of a matrix's rows and columns: [r, c] with the means of x taken in. */
export function emaFactors(
  beta: Tensor,
  [r, c]: readonly [r: Tensor, c: Tensor],
  x: Tensor,
): [r: Tensor, c: Tensor] {
  return [ema(beta, r, rowMeans(x)), ema(beta, c, columnMeans(x))];
}

/** x / √(r c / mean(r)), rows and columns apart, for their product underflows first. */
export function overRoot(x: Tensor, r: Tensor, c: Tensor): Tensor {
  return x.mul(columnMeans(r).div(r).sqrt()).div(c.sqrt());
}
