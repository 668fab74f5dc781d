import { oneMinus, type Tensor, where } from "@downhill/core";

/** Weight of the newest z in the average x: w / Σ w with w = t^r · (largest rate so far)^power. */
export function averageWeight(
  t: Tensor,
  rate: Tensor,
  { weightSum, largest }: { readonly weightSum: Tensor; readonly largest: Tensor },
  { r, weightLrPower }: { readonly r: Tensor; readonly weightLrPower: Tensor },
): { readonly c: Tensor; readonly weightSum: Tensor; readonly largest: Tensor } {
  const nowLargest = largest.maximum(rate);
  const w = t.pow(r).mul(nowLargest.pow(weightLrPower));
  const sum = weightSum.add(w);
  return { c: where(sum.eq(0), 0, w.div(sum)), weightSum: sum, largest: nowLargest };
}

/** The average x out of the point y = (1 - β) z + β x where gradients are taken. */
export function averageOf(y: Tensor, z: Tensor, beta: Tensor): Tensor {
  return y.sub(oneMinus(beta).mul(z)).div(beta);
}
