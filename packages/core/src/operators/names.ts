/** Elementwise primitives: every engine spells each of them for one element. */
export const elementwisePrimitives = [
  "add",
  "sub",
  "mul",
  "div",
  "minimum",
  "maximum",
  "pow",
  "atan2",
  "neg",
  "abs",
  "sign",
  "floor",
  "sqrt",
  "exp",
  "expm1",
  "log",
  "log1p",
  "sin",
  "cos",
  "tanh",
  "erf",
  "lt",
  "le",
  "eq",
  "where",
] as const;
export type ElementwisePrimitive = (typeof elementwisePrimitives)[number];

/** Primitives that end a kernel: reductions, products and data-dependent access. */
export type StructuralPrimitive =
  | "sum"
  | "max"
  | "min"
  | "prod"
  | "matmul"
  | "gather"
  | "scatterAdd"
  | "concat"
  | "pad";

/** Primitives that only say where elements are: another way to look at the same numbers. */
export type ViewPrimitive = "reshape" | "transpose" | "broadcastTo" | "slice";

/** Primitives whose numbers are given, or come from a position. */
export type SourcePrimitive = "constant" | "data" | "leaf" | "hostScalar" | "iota" | "uniform";

export type Primitive = ElementwisePrimitive | StructuralPrimitive | ViewPrimitive | SourcePrimitive;

/** Operators made of primitives by their row's `lower`. */
export type Composite =
  | "square"
  | "rsqrt"
  | "cbrt"
  | "sigmoid"
  | "softplus"
  | "relu"
  | "leakyRelu"
  | "gelu"
  | "elu"
  | "clamp"
  | "gt"
  | "ge"
  | "ne"
  | "isFinite"
  | "mean"
  | "norm"
  | "dot"
  | "logSumExp"
  | "softmax"
  | "logSoftmax"
  | "oneHot"
  | "normal"
  | "stopGradient"
  | "acrossParameters";

export type OperatorName = Primitive | Composite;

/** Primitives that take as long as many additions. */
export const costlyPrimitives = [
  "exp",
  "expm1",
  "log",
  "log1p",
  "sin",
  "cos",
  "tanh",
  "erf",
  "pow",
  "atan2",
  "uniform",
] as const;
