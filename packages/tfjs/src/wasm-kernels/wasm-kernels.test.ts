import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import { afterEach, describe, expect, it } from "vitest";
import "../backends.fixture.js";
import { trainingKernels } from "../wasm-kernels.js";

const random = (seed: number) => {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return (state / 2147483647) * 2 - 1;
  };
};
const values = (shape: readonly number[], seed: number) =>
  Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, random(seed));

/** What a kernel of the backend in use makes of tensors. */
async function run(
  backend: string,
  kernel: string,
  inputs: Record<
    string,
    { readonly shape: number[]; readonly dtype?: "int32"; readonly data: ArrayLike<number> }
  >,
  attributes: object,
): Promise<{ readonly shape: number[]; readonly numbers: number[] }> {
  await tf.setBackend(backend);
  return tf.tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries(inputs).map(([name, { shape, dtype, data }]) => [
        name,
        tf.tensor(Array.from(data), shape, dtype ?? "float32"),
      ]),
    );
    const made = tf.engine().runKernel(kernel, tensors, attributes as never) as tf.Tensor;
    return { shape: made.shape, numbers: [...made.dataSync()] };
  });
}

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  const size = Math.max(1, ...expected.map(Math.abs));
  actual.forEach((x, i) => expect(Math.abs(x - expected[i]!)).toBeLessThanOrEqual(1e-5 * size));
}

const convolutions = [
  { x: [2, 5, 5, 3], filter: [3, 3, 3, 4], strides: 1, pad: "same" },
  { x: [2, 5, 6, 3], filter: [3, 2, 3, 4], strides: [2, 1], pad: "same" },
  { x: [3, 7, 5, 1], filter: [3, 3, 1, 2], strides: 1, pad: "valid" },
  { x: [1, 9, 8, 2], filter: [4, 3, 2, 1], strides: [2, 3], pad: "valid" },
  { x: [1, 4, 4, 2], filter: [1, 1, 2, 5], strides: 3, pad: "same" },
  { x: [2, 3, 3, 2], filter: [5, 5, 2, 3], strides: 1, pad: "same" },
  { x: [1, 6, 6, 1], filter: [3, 3, 1, 1], strides: 1, pad: 1, dimRoundingMode: "floor" },
  {
    x: [1, 6, 5, 2],
    filter: [3, 3, 2, 2],
    strides: 1,
    pad: [
      [0, 0],
      [2, 1],
      [0, 1],
      [0, 0],
    ],
  },
] as const;

const title = ({ x, filter, strides, pad }: (typeof convolutions)[number]) =>
  `x [${x}], filter [${filter}], strides ${strides}, pad ${pad}`;

describe("kernels of the wasm backend", () => {
  const outShape = (c: (typeof convolutions)[number], depthwise: boolean, dilations = 1) => {
    const filter = depthwise ? [c.filter[0], c.filter[1], c.x[3], 2] : c.filter;
    const info = tf.backend_util.computeConv2DInfo(
      [...c.x] as never,
      [...filter] as never,
      c.strides as never,
      dilations,
      c.pad as never,
      (c as { dimRoundingMode?: "floor" }).dimRoundingMode,
      depthwise,
    );
    return { filterShape: [...filter], outShape: [...info.outShape] };
  };

  it.each(convolutions.map((c) => [title(c), c] as const))(
    "Conv2DBackpropFilter as on cpu: %s",
    async (_, c) => {
      const { filterShape, outShape: out } = outShape(c, false);
      const inputs = {
        x: { shape: [...c.x], data: values(c.x, 1) },
        dy: { shape: out, data: values(out, 2) },
      };
      const attributes = { dataFormat: "NHWC", ...c, filterShape };
      const [made, expected] = [
        await run("wasm", "Conv2DBackpropFilter", inputs, attributes),
        await run("cpu", "Conv2DBackpropFilter", inputs, attributes),
      ];
      expect(made.shape).toEqual(expected.shape);
      expectClose(made.numbers, expected.numbers);
    },
  );

  it("sums a batch that is unfolded in parts", async () => {
    const [x, dy] = [
      [40, 18, 18, 12],
      [40, 16, 16, 3],
    ];
    const inputs = { x: { shape: x, data: values(x, 1) }, dy: { shape: dy, data: values(dy, 2) } };
    const attributes = { strides: 1, pad: "valid", dataFormat: "NHWC", filterShape: [3, 3, 12, 3] };
    const [made, expected] = [
      await run("wasm", "Conv2DBackpropFilter", inputs, attributes),
      await run("cpu", "Conv2DBackpropFilter", inputs, attributes),
    ];
    expectClose(made.numbers, expected.numbers);
  });

  describe.each(convolutions.map((c) => [title(c), c] as const))("depthwise, %s", (_, c) => {
    it("as on cpu", async () => {
      const { filterShape, outShape: out } = outShape(c, true);
      const x = { shape: [...c.x], data: values(c.x, 1) };
      const dy = { shape: out, data: values(out, 2) };
      const filter = { shape: filterShape, data: values(filterShape, 3) };
      const attributes = { ...c, dilations: 1, filterShape, inputShape: [...c.x] };
      for (const [kernel, inputs] of [
        ["DepthwiseConv2dNativeBackpropFilter", { x, dy }],
        ["DepthwiseConv2dNativeBackpropInput", { dy, filter }],
      ] as const) {
        const [made, expected] = [
          await run("wasm", kernel, inputs, attributes),
          await run("cpu", kernel, inputs, attributes),
        ];
        expect(made.shape).toEqual(expected.shape);
        expectClose(made.numbers, expected.numbers);
      }
    });
  });

  // tfjs's own kernels for cpu take dilations and ignore them: the convolution itself is the judge.
  it.each([2, 3])("are the adjoints of a convolution with dilation %i", async (dilations) => {
    const c = { x: [2, 11, 10, 3], filter: [3, 2, 3, 2], strides: 1, pad: "same" } as never;
    const { filterShape, outShape: out } = outShape(c, true, dilations);
    const shapes = { x: [2, 11, 10, 3], filter: filterShape, dy: out };
    const data = { x: values(shapes.x, 1), filter: values(filterShape, 2), dy: values(out, 3) };
    const input = (name: keyof typeof shapes) => ({ shape: shapes[name], data: data[name] });
    const attributes = {
      strides: 1,
      pad: "same",
      dilations,
      filterShape,
      inputShape: shapes.x,
      dimRoundingMode: undefined,
    };
    await tf.setBackend("cpu");
    const forward = tf.tidy(() =>
      tf
        .depthwiseConv2d(
          tf.tensor4d(data.x, shapes.x as never),
          tf.tensor4d(data.filter, filterShape as never),
          1,
          "same",
          "NHWC",
          dilations,
        )
        .dataSync(),
    );
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
    const expected = dot(forward, data.dy);
    const dx = await run(
      "wasm",
      "DepthwiseConv2dNativeBackpropInput",
      { dy: input("dy"), filter: input("filter") },
      attributes,
    );
    const dw = await run(
      "wasm",
      "DepthwiseConv2dNativeBackpropFilter",
      { x: input("x"), dy: input("dy") },
      attributes,
    );
    expect(dot(dx.numbers, data.x)).toBeCloseTo(expected, 3);
    expect(dot(dw.numbers, data.filter)).toBeCloseTo(expected, 3);
  });

  it.each([
    { x: [5, 3], ids: [0, 2, 2, 1, 0], numSegments: 4 },
    { x: [4], ids: [3, -1, 7, 3], numSegments: 4 },
    { x: [3, 2, 2], ids: [1, 0, 1], numSegments: 2 },
    { x: [0, 3], ids: [], numSegments: 2 },
  ])("UnsortedSegmentSum as on cpu: %o", async ({ x, ids, numSegments }) => {
    const inputs = {
      x: { shape: x, data: values(x, 1) },
      segmentIds: { shape: [ids.length], dtype: "int32" as const, data: ids },
    };
    const [made, expected] = [
      await run("wasm", "UnsortedSegmentSum", inputs, { numSegments }),
      await run("cpu", "UnsortedSegmentSum", inputs, { numSegments }),
    ];
    expect(made.shape).toEqual(expected.shape);
    expectClose(made.numbers, expected.numbers);
  });

  it("says what it does not take", async () => {
    const x = { shape: [1, 2, 4, 4], data: values([32], 1) };
    const attributes = { strides: 1, pad: "same", dataFormat: "NCHW", filterShape: [3, 3, 2, 2] };
    await expect(run("wasm", "Conv2DBackpropFilter", { x, dy: x }, attributes)).rejects.toThrow(
      'The wasm backend convolves "NHWC" only, and this convolution is "NCHW".',
    );
  });

  it("are those that tfjs lacks", () => {
    expect(trainingKernels.map(({ kernelName }) => kernelName)).toEqual([
      "Conv2DBackpropFilter",
      "DepthwiseConv2dNativeBackpropFilter",
      "DepthwiseConv2dNativeBackpropInput",
      "UnsortedSegmentSum",
    ]);
    for (const { kernelName } of trainingKernels) expect(tf.getKernel(kernelName, "wasm")).toBeDefined();
  });
});

describe("on wasm", () => {
  afterEach(() => tf.disposeVariables());

  it("embeddings and depthwise convolutions train as on cpu, without leaks", async () => {
    const train = async (backend: string) => {
      await tf.setBackend(backend);
      const before = tf.memory().numTensors;
      const net = tfl.sequential({
        layers: [
          tfl.layers.embedding({
            inputDim: 7,
            outputDim: 6,
            inputLength: 16,
            embeddingsInitializer: tfl.initializers.randomNormal({ seed: 1 }),
          }),
          tfl.layers.reshape({ targetShape: [4, 4, 6] }),
          tfl.layers.depthwiseConv2d({
            kernelSize: 3,
            depthMultiplier: 2,
            depthwiseInitializer: tfl.initializers.glorotNormal({ seed: 2 }),
          }),
          tfl.layers.flatten(),
          tfl.layers.dense({ units: 1, kernelInitializer: tfl.initializers.glorotNormal({ seed: 3 }) }),
        ],
      });
      net.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
      const x = tf.tensor2d(
        Array.from({ length: 64 }, (_, i) => (i * 5) % 7),
        [4, 16],
      );
      const y = tf.tensor2d([1, -1, 0.5, 2], [4, 1]);
      const { history } = await net.fit(x, y, { epochs: 5, batchSize: 4, shuffle: false });
      tf.dispose([x, y]);
      net.dispose();
      tf.disposeVariables();
      expect(tf.memory().numTensors - before).toBeLessThanOrEqual(2);
      return history.loss as number[];
    };
    const [onWasm, onCpu] = [await train("wasm"), await train("cpu")];
    expectClose(onWasm, onCpu);
    expect(onWasm.at(-1)).toBeLessThan(onWasm[0]!);
  });
});
