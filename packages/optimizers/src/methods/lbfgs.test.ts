import { minimize } from "@downhill/core";
import { describe, expect, it } from "vitest";
import { lbfgs } from "./lbfgs.js";

type Matrix = readonly (readonly number[])[];
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const times = (A: Matrix, B: Matrix): Matrix =>
  A.map((row) =>
    B[0]!.map((_, j) =>
      dot(
        row,
        B.map((r) => r[j]!),
      ),
    ),
  );
const outer = (a: readonly number[], b: readonly number[], by: number) =>
  a.map((x) => b.map((y) => by * x * y));
const plus = (A: Matrix, B: Matrix): Matrix => A.map((row, i) => row.map((x, j) => x + B[i]![j]!));
const identity: Matrix = [
  [1, 0],
  [0, 1],
];

/** The inverse Hessian of BFGS with all of its entries: Nocedal and Wright, equation 6.17, from equation 6.20. */
function inverseHessian(
  pairs: readonly { readonly s: readonly number[]; readonly y: readonly number[] }[],
): Matrix {
  const last = pairs.at(-1)!;
  const gamma = dot(last.s, last.y) / dot(last.y, last.y);
  return pairs.reduce<Matrix>(
    (H, { s, y }) => {
      const rho = 1 / dot(s, y);
      const left = plus(identity, outer(s, y, -rho));
      const right = plus(identity, outer(y, s, -rho));
      return plus(times(times(left, H), right), outer(s, s, rho));
    },
    identity.map((row) => row.map((x) => gamma * x)),
  );
}

const evaluate = ({ x, y }: { readonly x: number; readonly y: number }) => ({
  value: (x - 1) ** 2 + 100 * (y - x * x) ** 2,
  gradient: { x: 2 * (x - 1) - 400 * x * (y - x * x), y: 200 * (y - x * x) },
});

describe("lbfgs", () => {
  it.each([2, 5, 10])("goes along BFGS's direction for the last %i pairs", (history) => {
    const optimizer = lbfgs({ history });
    const start = { x: -1.2, y: 1 };
    const path = minimize({ evaluate }, { start, optimizer, history: true, maxSteps: 12 }).history!;
    const points = path.map(({ parameters: { x, y } }) => [x, y]);
    const gradients = path.map(({ parameters }) => Object.values(evaluate(parameters).gradient));
    const minus = (a: readonly number[], b: readonly number[]) => a.map((x, i) => x - b[i]!);
    for (let k = 2; k < 12; k++) {
      const pairs = Array.from({ length: k }, (_, i) => ({
        s: minus(points[i + 1]!, points[i]!),
        y: minus(gradients[i + 1]!, gradients[i]!),
      }));
      const H = inverseHessian(pairs.slice(-history));
      const direction = H.map((row) => -dot(row, gradients[k]!));
      const step = minus(points[k + 1]!, points[k]!);
      const cosine = dot(step, direction) / Math.sqrt(dot(step, step) * dot(direction, direction));
      expect(cosine).toBeCloseTo(1, 12);
    }
  });
});
