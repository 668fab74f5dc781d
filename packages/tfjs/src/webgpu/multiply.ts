import { sizeOf } from "@downhill/core";
import type { Access, MatmulStep } from "@downhill/core/engine";
import { getKernel, type TensorInfo } from "@tensorflow/tfjs-core";
import type { Backend } from "./backend.js";
import { isSingle, orderOf } from "./products.js";

/** A matrix product by tfjs's kernel, of operands that are whole buffers. */
export function multiply(
  backend: Backend,
  { batch, m, n, k, a, b }: MatmulStep,
  tensorOf: (buffer: number) => TensorInfo,
): TensorInfo {
  const operand = (access: Access, rows: number, columns: number) => {
    const transposed = orderOf(access, batch, rows, columns) === "transposed";
    const count = isSingle(access) ? 1 : sizeOf(batch);
    const { dataId } = tensorOf(access.buffer);
    const shape = transposed ? [count, columns, rows] : [count, rows, columns];
    return { transposed, info: { dataId, shape, dtype: "float32" as const } };
  };
  const [left, right] = [operand(a, m, k), operand(b, k, n)];
  const product = getKernel("BatchMatMul", "webgpu").kernelFunc({
    inputs: { a: left.info, b: right.info },
    backend,
    attrs: { transposeA: left.transposed, transposeB: right.transposed },
  });
  return product as TensorInfo;
}
