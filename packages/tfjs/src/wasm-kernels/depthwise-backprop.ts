import {
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
} from "@tensorflow/tfjs-core";
import { type ConvAttributes, convInfo, reached } from "./conv-info.js";
import { views, wasmKernel } from "./kernel.js";

type Info = ReturnType<typeof convInfo>;

/** The gradient by the filter of a depthwise convolution; the filter is [height, width, channels, multiplier]. */
export const depthwiseBackpropFilter = wasmKernel<
  "x" | "dy",
  ConvAttributes & { readonly filterShape: readonly number[] }
>(DepthwiseConv2dNativeBackpropFilter, ({ x, dy }, attributes, backend) => {
  const info = convInfo(x.shape, attributes.filterShape, attributes, true);
  const result = backend.makeOutput(info.filterShape, "float32");
  const [xs, dys, sums] = views(backend, x, dy, result) as [Float32Array, Float32Array, Float32Array];
  sums.fill(0);
  const multiplier = info.outChannels / info.inChannels;
  forEachPair(info, (from, to, weight) => {
    for (let c = 0; c < info.inChannels; c++) {
      const value = xs[from + c]!;
      const start = c * multiplier;
      for (let i = start; i < start + multiplier; i++) sums[weight + i]! += value * dys[to + i]!;
    }
  });
  return result;
});

/** The gradient by the input of a depthwise convolution. */
export const depthwiseBackpropInput = wasmKernel<
  "dy" | "filter",
  ConvAttributes & { readonly inputShape: readonly number[] }
>(DepthwiseConv2dNativeBackpropInput, ({ dy, filter }, attributes, backend) => {
  const info = convInfo(attributes.inputShape, filter.shape, attributes, true);
  const result = backend.makeOutput(info.inShape, "float32");
  const [dys, weights, sums] = views(backend, dy, filter, result) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  sums.fill(0);
  const multiplier = info.outChannels / info.inChannels;
  forEachPair(info, (from, to, weight) => {
    for (let c = 0; c < info.inChannels; c++) {
      let sum = 0;
      const start = c * multiplier;
      for (let i = start; i < start + multiplier; i++) sum += weights[weight + i]! * dys[to + i]!;
      sums[from + c]! += sum;
    }
  });
  return result;
});

/** Visits each input pixel with each output pixel that it is part of: where their channels begin, and the filter's. */
function forEachPair(info: Info, visit: (input: number, output: number, weight: number) => void): void {
  const { batchSize, filterHeight, filterWidth, inHeight, inWidth, outHeight, outWidth, padInfo } = info;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth, inChannels, outChannels } = info;
  for (let row = 0; row < filterHeight; row++) {
    const top = row * dilationHeight - padInfo.top;
    const [y0, y1] = reached(top, strideHeight, inHeight, outHeight);
    for (let column = 0; column < filterWidth; column++) {
      const left = column * dilationWidth - padInfo.left;
      const [x0, x1] = reached(left, strideWidth, inWidth, outWidth);
      const weight = (row * filterWidth + column) * outChannels;
      for (let image = 0; image < batchSize; image++) {
        for (let y = y0; y < y1; y++) {
          const line = (image * inHeight + top + y * strideHeight) * inWidth + left;
          const outputs = (image * outHeight + y) * outWidth;
          for (let x = x0; x < x1; x++) {
            visit((line + x * strideWidth) * inChannels, (outputs + x) * outChannels, weight);
          }
        }
      }
    }
  }
}
