import { backend_util } from "@tensorflow/tfjs-core";

export type Pair = [number, number] | number;

/** What the kernels of convolutions are told of theirs. */
export interface ConvAttributes {
  readonly strides: Pair;
  readonly dilations?: Pair;
  readonly pad: "valid" | "same" | number | backend_util.ExplicitPadding;
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/** Shapes and paddings of a convolution: x is [batch, height, width, channels]. */
export function convInfo(
  x: readonly number[],
  filter: readonly number[],
  { strides, dilations = 1, pad, dataFormat = "NHWC", dimRoundingMode }: ConvAttributes,
  depthwise: boolean,
): backend_util.Conv2DInfo {
  if (dataFormat !== "NHWC") {
    throw new Error(`The wasm backend convolves "NHWC" only, and this convolution is "${dataFormat}".`);
  }
  return backend_util.computeConv2DInfo(
    x as [number, number, number, number],
    filter as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
    depthwise,
    "channelsLast",
  );
}

/**
 * The outputs [from, to) of an axis that a filter's element reaches: those whose input, `at` + stride·output, is inside.
 */
export function reached(at: number, stride: number, inputs: number, outputs: number): [number, number] {
  const from = Math.max(0, Math.ceil(-at / stride));
  return [from, Math.max(from, Math.min(outputs, Math.ceil((inputs - at) / stride)))];
}
