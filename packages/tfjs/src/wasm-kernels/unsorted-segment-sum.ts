import { UnsortedSegmentSum, util } from "@tensorflow/tfjs-core";
import { views, wasmKernel } from "./kernel.js";

/** Sums along the first axis by segment: result[segmentIds[i]] += x[i]. An id outside [0, numSegments) adds nothing. */
export const unsortedSegmentSum = wasmKernel<"x" | "segmentIds", { readonly numSegments: number }>(
  UnsortedSegmentSum,
  ({ x, segmentIds }, { numSegments }, backend) => {
    const rest = x.shape.slice(1);
    const width = util.sizeFromShape(rest);
    const result = backend.makeOutput([numSegments, ...rest], "float32");
    const [values, sums] = views(backend, x, result) as [Float32Array, Float32Array];
    const ids = backend.typedArrayFromHeap(segmentIds);
    sums.fill(0);
    for (let row = 0; row < ids.length; row++) {
      const id = ids[row]!;
      if (id < 0 || id >= numSegments) continue;
      const [from, to] = [row * width, id * width];
      for (let i = 0; i < width; i++) sums[to + i]! += values[from + i]!;
    }
    return result;
  },
);
