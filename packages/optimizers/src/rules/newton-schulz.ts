import type { Tensor } from "@downhill/core";

/** Coefficients of X, A X and A² X, with A = X Xᵀ. */
interface Polynomial {
  readonly a: Tensor;
  readonly b: Tensor;
  readonly c: Tensor;
}

/** Drives the singular values of X, at most 1, towards 1: `steps` times X ← a X + (b A + c A²) X with A = X Xᵀ. */
export function newtonSchulz(X: Tensor, { a, b, c }: Polynomial, steps: number): Tensor {
  const [m, n] = X.shape as [number, number];
  if (m > n) return newtonSchulz(X.transpose(), { a, b, c }, steps).transpose();
  if (steps === 0) return X;
  const A = X.matmul(X.transpose());
  const AX = A.matmul(X);
  const next = a
    .mul(X)
    .add(b.mul(AX))
    .add(c.mul(A.matmul(AX)));
  return newtonSchulz(next, { a, b, c }, steps - 1);
}
