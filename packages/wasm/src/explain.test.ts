import { leaf } from "@downhill/core/engine";
import { expect, it } from "vitest";
import { explain } from "./explain.js";

const product = (n: number) => {
  const layout = { p: { a: [n, 4], b: [4, 2 * n], y: [n, 2 * n] } };
  const value = leaf("p", "a", [n, 4]).matmul(leaf("p", "b", [4, 2 * n]));
  return [{ writes: [{ arena: "p", name: "y", value }], hostScalars: [] }, layout, "float32"] as const;
};

it("names a program's kernels, the bytes each moves and the module's size", () => {
  const { moduleBytes, threads, kernels } = explain(...product(8));
  const bytesMoved = 4 * (8 * 4 + 4 * 16 + 8 * 16);
  expect(kernels).toEqual([{ kind: "matmul", shape: "8 × 16 × 4", bytesMoved, parts: 1 }]);
  expect(threads).toBe(1);
  expect(moduleBytes).toBeGreaterThan(100);
  expect(moduleBytes).toBeLessThan(2000);
});

it("names the threads, and the parts of a kernel that they share, which do not depend on them", () => {
  const [one, four] = [1, 4].map((threads) => explain(...product(1000), { threads }));
  expect(one!.threads).toBe(1);
  expect(four!.threads).toBe(4);
  expect(four!.kernels).toEqual(one!.kernels);
  expect(four!.kernels[0]!.parts).toBeGreaterThan(4);
  expect(four!.moduleBytes).toBeGreaterThan(one!.moduleBytes);
  expect(explain(...product(8), { threads: 4 }).threads).toBe(1);
});
