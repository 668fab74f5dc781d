import { getKernel, type KernelConfig, registerKernel } from "@tensorflow/tfjs-core";
import { conv2DBackpropFilter } from "./wasm-kernels/conv2d-backprop-filter.js";
import { depthwiseBackpropFilter, depthwiseBackpropInput } from "./wasm-kernels/depthwise-backprop.js";
import { unsortedSegmentSum } from "./wasm-kernels/unsorted-segment-sum.js";

/** The kernels that training needs and the wasm backend of tfjs 4.22 lacks. Importing this module registers them. */
export const trainingKernels: readonly KernelConfig[] = [
  conv2DBackpropFilter,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  unsortedSegmentSum,
];

for (const kernel of trainingKernels) {
  // A later tfjs may have its own, which are then the better ones.
  if (!getKernel(kernel.kernelName, kernel.backendName)) registerKernel(kernel);
}
