import { leaf } from "@downhill/core/engine";
import { expect, it } from "vitest";
import { explain } from "./explain.js";

it("names a program's kernels, the bytes each moves and the module's size", () => {
  const layout = { p: { a: [8, 4], b: [4, 2], y: [8, 2] } };
  const value = leaf("p", "a", [8, 4]).matmul(leaf("p", "b", [4, 2]));
  const { moduleBytes, kernels } = explain(
    { writes: [{ arena: "p", name: "y", value }], hostScalars: [] },
    layout,
    "float32",
  );
  expect(kernels).toEqual([{ kind: "matmul", shape: "8 × 2 × 4", bytesMoved: 4 * (32 + 8 + 16) }]);
  expect(moduleBytes).toBeGreaterThan(100);
  expect(moduleBytes).toBeLessThan(2000);
});
