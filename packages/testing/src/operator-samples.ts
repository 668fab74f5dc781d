import type { OperatorName, Values } from "@downhill/core/engine";

/** Inputs and attributes on which an operator is looked at. */
export interface Sample {
  readonly inputs: readonly Values[];
  readonly attributes: Readonly<Record<string, number | string | readonly number[] | Float64Array>>;
  /** False where the derivative is not comparable with differences: at kinks, of steps. Default true. */
  readonly smooth?: boolean;
}

const values = (shape: readonly number[], ...data: number[]): Values => ({
  shape,
  data: Float64Array.from(data),
});
const row = (...data: number[]): Values => values([data.length], ...data);

const unary = (...data: number[]): Sample[] => [{ inputs: [row(...data)], attributes: {} }];
const binary = (a: number[], b: number[]): Sample[] => [{ inputs: [row(...a), row(...b)], attributes: {} }];
const step = (samples: Sample[]): Sample[] => samples.map((sample) => ({ ...sample, smooth: false }));

const positive = [1e-3, 0.3, 1, 2.5, 40];
const real = [-20, -1.3, -0.2, 0.4, 1.7, 15];
const a = [-2.5, -1, 0.5, 1.5, 3, 7];
const b = [1.2, -0.7, 2.2, 1.1, -4, 0.3];
const matrix = values([2, 3], 0.3, -1.2, 2.1, 0.8, 1.7, -0.4);
const cube = values([2, 3, 2], 0.3, -1.2, 2.1, 0.8, 1.7, -0.4, 1.1, 0.9, -0.3, 0.25, -1.9, 0.6);

const reduction = (): Sample[] => [
  { inputs: [matrix], attributes: { axes: [0, 1] } },
  { inputs: [matrix], attributes: { axes: [0] } },
  { inputs: [matrix], attributes: { axes: [1] } },
  { inputs: [cube], attributes: { axes: [0, 2] } },
  { inputs: [cube], attributes: { axes: [1] } },
];
const alongAxis = (): Sample[] => [
  { inputs: [matrix], attributes: { axis: 0 } },
  { inputs: [matrix], attributes: { axis: 1 } },
  { inputs: [cube], attributes: { axis: 1 } },
];

/** Samples by operator; sources and markers, which compute nothing, have none. */
export const operatorSamples: Readonly<Partial<Record<OperatorName, readonly Sample[]>>> = {
  add: binary(a, b),
  sub: binary(a, b),
  mul: binary(a, b),
  div: binary(a, b),
  pow: [
    ...binary(positive, [2, 0.5, -1.5, 3, 0.1]),
    ...binary([-2, -0.5, 3], [2, 3, 2]).map((s) => ({ ...s, smooth: false })),
  ],
  atan2: binary(a, b),
  minimum: binary(a, b),
  maximum: binary(a, b),
  neg: unary(...real),
  abs: unary(...real),
  sign: step(unary(...real, 0)),
  floor: step(unary(...real, 3)),
  square: unary(...real),
  sqrt: unary(...positive),
  rsqrt: unary(...positive),
  cbrt: unary(...positive, -3, -0.4),
  exp: unary(-20, -1.3, 0.4, 3),
  expm1: unary(-20, -1e-5, 0.4, 3),
  log: unary(...positive),
  log1p: unary(-0.9, -1e-5, 0.4, 30),
  sin: unary(...real, 100),
  cos: unary(...real, 100),
  tanh: unary(...real),
  erf: unary(-3, -0.4, 0.2, 1.5, 5),
  sigmoid: unary(...real),
  softplus: unary(...real),
  relu: unary(...real),
  gelu: unary(...real),
  leakyRelu: [{ inputs: [row(...real)], attributes: { slope: 0.1 } }],
  elu: [{ inputs: [row(...real)], attributes: { alpha: 0.7 } }],
  clamp: [
    { inputs: [row(...a), row(-1.2, -1.2, -1.2, -1.2, -1.2, -1.2), row(2, 2, 2, 2, 2, 2)], attributes: {} },
  ],
  lt: step(binary([1, 2, 3], [2, 2, 2])),
  le: step(binary([1, 2, 3], [2, 2, 2])),
  gt: step(binary([1, 2, 3], [2, 2, 2])),
  ge: step(binary([1, 2, 3], [2, 2, 2])),
  eq: step(binary([1, 2, 3], [2, 2, 2])),
  ne: step(binary([1, 2, 3], [2, 2, 2])),
  isFinite: step(unary(1, -0.5, 1e300)),
  where: [{ inputs: [row(1, 0, 1, 0, 2, 0), row(...a), row(...b)], attributes: {} }],
  sum: reduction(),
  mean: reduction(),
  max: reduction(),
  min: reduction(),
  prod: reduction(),
  norm: reduction(),
  logSumExp: reduction(),
  dot: [{ inputs: [matrix, values([2, 3], 1, -2, 0.5, 3, 0.1, 0.7)], attributes: {} }],
  softmax: alongAxis(),
  logSoftmax: alongAxis(),
  matmul: [
    { inputs: [matrix, values([3, 2], 1.1, 0.2, -0.7, 0.9, 0.35, -1.6)], attributes: {} },
    { inputs: [cube, values([2, 2, 2], 1, -2, 0.5, 3, 0.1, 0.7, -0.2, 1.4)], attributes: {} },
  ],
  reshape: [{ inputs: [matrix], attributes: { shape: [3, 2] } }],
  transpose: [
    { inputs: [matrix], attributes: { order: [1, 0] } },
    { inputs: [cube], attributes: { order: [2, 0, 1] } },
  ],
  broadcastTo: [
    { inputs: [values([2, 1], 0.5, -1.5)], attributes: { shape: [2, 3] } },
    { inputs: [row(1, 2, 3)], attributes: { shape: [4, 3] } },
    { inputs: [values([], 7)], attributes: { shape: [2, 2] } },
  ],
  slice: [{ inputs: [cube], attributes: { begin: [1, 0, 1], size: [1, 2, 1] } }],
  pad: [{ inputs: [matrix], attributes: { before: [1, 0], after: [0, 2] } }],
  concat: [
    { inputs: [matrix, matrix], attributes: { axis: 0 } },
    { inputs: [matrix, values([2, 1], 5, 6)], attributes: { axis: 1 } },
  ],
  gather: [
    { inputs: [matrix, row(1, 0, 1)], attributes: { axis: 0 } },
    { inputs: [cube, values([2, 2], 2, 0, 1, 1)], attributes: { axis: 1 } },
  ],
  scatterAdd: [
    { inputs: [matrix, row(3, 1)], attributes: { axis: 0, length: 5 } },
    { inputs: [matrix, row(1, 1, 0)], attributes: { axis: 1, length: 2 } },
  ],
  oneHot: step([{ inputs: [row(2, 0, 3)], attributes: { depth: 4 } }]),
  iota: [{ inputs: [], attributes: { shape: [2, 3, 2], axis: 1 } }],
  uniform: step([{ inputs: [values([], 12345)], attributes: { shape: [3, 3], stream: 2 } }]),
  normal: step([{ inputs: [values([], 12345)], attributes: { shape: [3, 3], stream: 1 } }]),
  stopGradient: step(unary(...real)),
};
