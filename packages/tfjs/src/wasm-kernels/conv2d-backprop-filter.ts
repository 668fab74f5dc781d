import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { BatchMatMul, Conv2DBackpropFilter, getKernel, type TensorInfo } from "@tensorflow/tfjs-core";
import { type ConvAttributes, convInfo, reached } from "./conv-info.js";
import { views, wasmKernel } from "./kernel.js";

/** Numbers of unfolded images at a time: a few megabytes. */
const CHUNK = 2 ** 20;

/**
 * The gradient by the filter of a convolution. With the patches of x that the filter sees as the rows of a matrix, it is
 * the product of that one's transpose with dy: tfjs's own product does the work, some images at a time.
 */
export const conv2DBackpropFilter = wasmKernel<
  "x" | "dy",
  ConvAttributes & { readonly filterShape: readonly number[] }
>(Conv2DBackpropFilter, ({ x, dy }, attributes, backend) => {
  const info = convInfo(x.shape, attributes.filterShape, attributes, false);
  const patch = info.filterHeight * info.filterWidth * info.inChannels;
  const channels = info.outChannels;
  const pixels = info.outHeight * info.outWidth;
  const result = backend.makeOutput(info.filterShape, "float32");
  views(backend, result)[0]!.fill(0);

  const images = Math.max(1, Math.floor(CHUNK / (pixels * patch)));
  for (let first = 0; first < info.batchSize; first += images) {
    const count = Math.min(images, info.batchSize - first);
    const rows = count * pixels;
    const patches = backend.makeOutput([1, rows, patch], "float32");
    const turned = backend.makeOutput([1, channels, rows], "float32");
    const [from, into, dyValues, dyTurned] = views(backend, x, patches, dy, turned) as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    unfold(from, into, info, first, count);
    transpose(dyValues.subarray(first * pixels * channels), dyTurned, rows, channels);
    const product = multiply(turned, patches, backend);
    const [sum, part] = views(backend, result, product) as [Float32Array, Float32Array];
    for (let i = 0; i < channels; i++) {
      for (let j = 0; j < patch; j++) sum[j * channels + i]! += part[i * patch + j]!;
    }
    for (const { dataId } of [patches, turned, product]) backend.disposeData(dataId);
  }
  return result;
});

type Info = ReturnType<typeof convInfo>;

/** Images as rows of patches: [images·height·width, filter height·filter width·channels], 0 outside. */
function unfold(from: Float32Array, into: Float32Array, info: Info, first: number, count: number): void {
  const { filterHeight, filterWidth, inHeight, inWidth, outHeight, outWidth, padInfo } = info;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth, inChannels: depth } = info;
  const patch = filterHeight * filterWidth * depth;
  into.fill(0);
  for (let row = 0; row < filterHeight; row++) {
    const top = row * dilationHeight - padInfo.top;
    const [y0, y1] = reached(top, strideHeight, inHeight, outHeight);
    for (let column = 0; column < filterWidth; column++) {
      const left = column * dilationWidth - padInfo.left;
      const [x0, x1] = reached(left, strideWidth, inWidth, outWidth);
      for (let image = 0; image < count; image++) {
        for (let y = y0; y < y1; y++) {
          const line = ((first + image) * inHeight + top + y * strideHeight) * inWidth + left;
          let to = ((image * outHeight + y) * outWidth + x0) * patch + (row * filterWidth + column) * depth;
          for (let x = x0; x < x1; x++, to += patch) {
            const start = (line + x * strideWidth) * depth;
            for (let c = 0; c < depth; c++) into[to + c] = from[start + c]!;
          }
        }
      }
    }
  }
}

function transpose(from: Float32Array, into: Float32Array, rows: number, columns: number): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) into[j * rows + i] = from[i * columns + j]!;
  }
}

/** tfjs keeps what it makes of `b` by the tensor, so `b` must be another tensor for other numbers. */
function multiply(a: TensorInfo, b: TensorInfo, backend: BackendWasm): TensorInfo {
  const { kernelFunc } = getKernel(BatchMatMul, "wasm");
  const attrs = { transposeA: false, transposeB: false };
  return kernelFunc({ inputs: { a, b }, backend, attrs }) as TensorInfo;
}
