import type { Tensor } from "@downhill/core";

/** x·W + b: x [rows, in], weight [in, out], bias [out]; [rows, out]. */
export function dense(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  return x.matmul(weight).add(bias);
}
