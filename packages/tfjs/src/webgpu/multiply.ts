import { sizeOf } from "@downhill/core";
import type { Access, MatmulStep } from "@downhill/core/engine";
import { env, getKernel, type TensorInfo } from "@tensorflow/tfjs-core";
import type { Backend } from "./backend.js";
import { isSingle, isTransposed } from "./products.js";

/** A matrix product by tfjs's kernel, of operands that are whole buffers. */
export function multiply(
  backend: Backend,
  { batch, m, n, k, a, b }: MatmulStep,
  tensorOf: (buffer: number) => TensorInfo,
): TensorInfo {
  const operand = (access: Access, rows: number, columns: number) => {
    const transposed = isTransposed(access, batch, rows, columns)!;
    const count = isSingle(access) ? 1 : sizeOf(batch);
    const { dataId } = tensorOf(access.buffer);
    const shape = transposed ? [count, columns, rows] : [count, rows, columns];
    return { transposed, info: { dataId, shape, dtype: "float32" as const } };
  };
  const [left, right] = [operand(a, m, k), operand(b, k, n)];
  const product = () =>
    getKernel("BatchMatMul", "webgpu").kernelFunc({
      inputs: { a: left.info, b: right.info },
      backend,
      attrs: { transposeA: left.transposed, transposeB: right.transposed },
    }) as TensorInfo;
  return k < LONG ? product() : inOrder(product);
}

/** From this length of its sums on, tfjs may split them, and adds the parts in the order in which they are ready. */
const LONG = 2000;

/** Has tfjs add in the same order in every run, by its kernel for small results. */
function inOrder<T>(multiplied: () => T): T {
  const flag = "WEBGPU_MATMUL_PROGRAM_TYPE";
  const chosen = env().getNumber(flag);
  if (chosen >= 0) return multiplied();
  env().set(flag, 2);
  try {
    return multiplied();
  } finally {
    env().set(flag, chosen);
  }
}
