import {
  type ElementwiseName,
  elementwiseNames,
  type MethodOperator,
  methodOperators,
  type ReductionName,
  reductionNames,
} from "../operators/methods.js";
import type { OperatorName } from "../operators/names.js";
import type { Operator } from "../operators/operator.js";
import {
  broadcastShapes,
  formatShape,
  inferLength,
  normalizeAxes,
  normalizeAxis,
  requireShape,
  type Shape,
  ShapeError,
  sameShape,
} from "./shape.js";

/** What an operator needs besides its inputs: axes, names, constants. Plain data, compared by value. */
export type Attributes = Readonly<Record<string, number | string | readonly number[] | Float64Array>>;

/** A tensor or a plain number, which stands for a scalar constant. */
export type TensorLike = Tensor | number;

export interface ReduceOptions {
  /** Keep reduced axes with length 1. Default false. */
  readonly keepDims?: boolean;
}

/** Axes of a reduction: one, several, or (undefined) all. Negative axes count from the end. */
export type Axes = number | readonly number[];

/**
 * A traced tensor: a node of an expression graph. It holds no numbers; it says how they are computed.
 * Methods return new nodes and follow NumPy's broadcasting. Shapes are checked while tracing.
 * Nodes are plain data recognised by the brand `~tensor`, so that graphs may cross copies of this package.
 */
export interface Tensor {
  /** Brand and version of the node format. */
  readonly "~tensor": 1;
  readonly op: OperatorName;
  readonly inputs: readonly Tensor[];
  readonly attributes: Attributes;
  readonly shape: Shape;
  /** What the operator computes and how: nodes bring it, so that a page loads the operators that it uses. */
  readonly row: Operator;

  add(x: TensorLike): Tensor;
  sub(x: TensorLike): Tensor;
  mul(x: TensorLike): Tensor;
  div(x: TensorLike): Tensor;
  /**
   * `this ** x`. The gradient by the base is x·this^(x-1), and 0 where x is 0; by the exponent it is
   * this^x·log(this), and 0 where the base is not above 0.
   */
  pow(x: TensorLike): Tensor;
  /** Angle of the point (x, this) in radians, as `Math.atan2(this, x)`; its gradient at the origin is 0. */
  atan2(x: TensorLike): Tensor;
  neg(): Tensor;
  /** Absolute value; its gradient at 0 is 0. */
  abs(): Tensor;
  /** -1, 0 or 1; NaN stays NaN. No gradient flows through. */
  sign(): Tensor;
  /** Largest integer not above. No gradient flows through. */
  floor(): Tensor;
  square(): Tensor;
  /** Square root; its gradient at 0 is taken as 0, so that `x.square().sum().sqrt()` is usable at 0. */
  sqrt(): Tensor;
  /** Cube root, of negative numbers too; its gradient at 0 is taken as 0. */
  cbrt(): Tensor;
  /** 1 / sqrt(x); at 0 the value and its gradient are infinite. */
  rsqrt(): Tensor;
  exp(): Tensor;
  /** e^x - 1, exact near 0. */
  expm1(): Tensor;
  /** Natural logarithm. */
  log(): Tensor;
  /** log(1 + x), exact near 0. */
  log1p(): Tensor;
  sin(): Tensor;
  cos(): Tensor;
  tanh(): Tensor;
  /** Logistic function 1 / (1 + e^-x). */
  sigmoid(): Tensor;
  /** log(1 + e^x), without overflow. */
  softplus(): Tensor;
  /** Error function. */
  erf(): Tensor;
  /** max(x, 0); its gradient at 0 is 0. */
  relu(): Tensor;
  /** x·Φ(x), the exact form (not the tanh approximation). Hendrycks & Gimpel 2016. */
  gelu(): Tensor;
  /** Elementwise minimum of two; NaN wins; at a tie each gets half of the gradient. */
  minimum(x: TensorLike): Tensor;
  /** Elementwise maximum of two; NaN wins; at a tie each gets half of the gradient. */
  maximum(x: TensorLike): Tensor;
  /** 1 where less, else 0. Comparisons with NaN are 0, but `ne` is 1. No gradient flows through. */
  lt(x: TensorLike): Tensor;
  le(x: TensorLike): Tensor;
  gt(x: TensorLike): Tensor;
  ge(x: TensorLike): Tensor;
  eq(x: TensorLike): Tensor;
  ne(x: TensorLike): Tensor;
  /** 1 where finite, 0 where infinite or NaN. */
  isFinite(): Tensor;
  /** x where positive, `slope`·x elsewhere. Default slope 0.01. */
  leakyRelu(slope?: number): Tensor;
  /** x where positive, `alpha`·(e^x - 1) elsewhere. Default alpha 1. */
  elu(alpha?: number): Tensor;
  /** Limited to [low, high]; the gradient passes where low ≤ x ≤ high. */
  clamp(low: TensorLike, high: TensorLike): Tensor;
  /** `yes` where this is not 0, else `no`. A NaN in the branch not taken reaches neither value nor gradient. */
  where(yes: TensorLike, no: TensorLike): Tensor;

  sum(axes?: Axes, options?: ReduceOptions): Tensor;
  mean(axes?: Axes, options?: ReduceOptions): Tensor;
  /** Largest element; ties share the gradient evenly. */
  max(axes?: Axes, options?: ReduceOptions): Tensor;
  /** Smallest element; ties share the gradient evenly. */
  min(axes?: Axes, options?: ReduceOptions): Tensor;
  /** Product of the elements; its gradient is exact with zeros among them: the product of the others. */
  prod(axes?: Axes, options?: ReduceOptions): Tensor;
  /** Euclidean length; its gradient at 0 is 0. */
  norm(axes?: Axes, options?: ReduceOptions): Tensor;
  /** log Σ e^x, without overflow; refuses to reduce an empty axis. */
  logSumExp(axes?: Axes, options?: ReduceOptions): Tensor;
  /** Sum of products with a tensor of the same shape: a scalar. */
  dot(x: Tensor): Tensor;
  /** e^x / Σ e^x along one axis (default the last, not empty), without overflow. */
  softmax(axis?: number): Tensor;
  /** log softmax along one axis (default the last, not empty), without overflow. */
  logSoftmax(axis?: number): Tensor;

  /**
   * Matrix product over the last two axes; leading axes are batches and broadcast. A vector on the left is a
   * row, on the right a column, as in NumPy.
   */
  matmul(x: Tensor): Tensor;
  /** Axes in another order; reversed when `order` is left out. */
  transpose(order?: readonly number[]): Tensor;
  /** The same elements in another shape; one length may be -1. */
  reshape(shape: Shape): Tensor;
  broadcastTo(shape: Shape): Tensor;
  /** `size[i]` elements from `begin[i]` along each axis; a size of -1 means up to the end. */
  slice(begin: readonly number[], size: readonly number[]): Tensor;
  /** Zeros added before and after each axis: the adjoint of `slice`. */
  pad(before: readonly number[], after: readonly number[]): Tensor;
  /**
   * Slices at `indices` (whole numbers in [0, length)) along `axis`, default 0; an index outside, or no whole
   * number, reads NaN.
   */
  gather(indices: Tensor, axis?: number): Tensor;
  /**
   * Zeros of `length` along `axis`, with this added at `indices`: the adjoint of `gather`. An index outside, or no
   * whole number, adds nothing.
   */
  scatterAdd(indices: Tensor, length: number, axis?: number): Tensor;
  /** 1 at each whole number's place in a new last axis of `depth`, else 0. */
  oneHot(depth: number): Tensor;
  /** The same value, through which no gradient flows. */
  stopGradient(): Tensor;
}

/** Methods that are operators by their very names: `x.add(y)` is add of x and y, `x.sum(axes)` reduces x by sum. */
type NamedMethods = Pick<Tensor, Exclude<ElementwiseName, "leakyRelu" | "elu"> | ReductionName>;

const NamedMethods = /* @__PURE__ */ namedMethods();

function namedMethods(): new () => NamedMethods {
  class Methods {}
  const prototype = Methods.prototype as Record<string, unknown>;
  for (const op of elementwiseNames) {
    prototype[op] = function (this: Tensor, ...others: TensorLike[]) {
      return elementwise(op, this, ...others);
    };
  }
  for (const op of reductionNames) {
    prototype[op] = function (this: Tensor, axes?: Axes, options?: ReduceOptions) {
      return reduce(op, this, axes, options);
    };
  }
  return Methods as new () => NamedMethods;
}

/** A tensor node, built without checks; `apply` is the checked way. */
class Node extends NamedMethods implements Tensor {
  readonly "~tensor" = 1;

  constructor(
    readonly op: OperatorName,
    readonly inputs: readonly Tensor[],
    readonly attributes: Attributes,
    readonly shape: Shape,
    readonly row: Operator,
  ) {
    super();
  }

  leakyRelu(slope = 0.01): Tensor {
    return apply("leakyRelu", [this], { slope });
  }
  elu(alpha = 1): Tensor {
    return apply("elu", [this], { alpha });
  }
  dot(x: Tensor): Tensor {
    return apply("dot", [this, x]);
  }
  softmax(axis = -1): Tensor {
    return apply("softmax", [this], { axis: normalizeAxis("softmax", axis, this.shape) });
  }
  logSoftmax(axis = -1): Tensor {
    return apply("logSoftmax", [this], { axis: normalizeAxis("logSoftmax", axis, this.shape) });
  }

  matmul(x: Tensor): Tensor {
    return matmul(this, x);
  }
  transpose(order: readonly number[] = this.shape.map((_, axis) => this.shape.length - 1 - axis)): Tensor {
    return apply("transpose", [this], {
      order: order.map((axis) => normalizeAxis("transpose", axis, this.shape)),
    });
  }
  reshape(shape: Shape): Tensor {
    const full = inferLength(this.shape, shape);
    return sameShape(full, this.shape) ? this : apply("reshape", [this], { shape: full });
  }
  broadcastTo(shape: Shape): Tensor {
    return sameShape(shape, this.shape) ? this : apply("broadcastTo", [this], { shape });
  }
  slice(begin: readonly number[], size: readonly number[]): Tensor {
    const full = size.map((length, axis) =>
      length === -1 ? (this.shape[axis] ?? 0) - (begin[axis] ?? 0) : length,
    );
    return apply("slice", [this], { begin, size: full });
  }
  pad(before: readonly number[], after: readonly number[]): Tensor {
    return apply("pad", [this], { before, after });
  }
  gather(indices: Tensor, axis = 0): Tensor {
    return apply("gather", [this, indices], { axis: normalizeAxis("gather", axis, this.shape) });
  }
  scatterAdd(indices: Tensor, length: number, axis = 0): Tensor {
    // Axes are those of the result, which the indices' axes shrink to one of.
    const result = [length, ...this.shape.slice(indices.shape.length)];
    return apply("scatterAdd", [this, indices], { axis: normalizeAxis("scatterAdd", axis, result), length });
  }
  oneHot(depth: number): Tensor {
    return apply("oneHot", [this], { depth });
  }
  stopGradient(): Tensor {
    return apply("stopGradient", [this]);
  }
}

/**
 * A node of operator `op`, its shape checked. Inputs of elementwise operators must agree in shape already. Operators
 * that are no tensor's method need their row.
 */
export function apply(op: MethodOperator, inputs: readonly Tensor[], attributes?: Attributes): Tensor;
export function apply(
  op: OperatorName,
  inputs: readonly Tensor[],
  attributes: Attributes,
  row: Operator,
): Tensor;
export function apply(
  op: OperatorName,
  inputs: readonly Tensor[],
  attributes: Attributes = {},
  row: Operator = methodOperators[op as MethodOperator],
): Tensor {
  const shape = row.shape(
    inputs.map((input) => input.shape),
    attributes,
  );
  requireShape(op, shape);
  return new Node(op, inputs, attributes, shape, row);
}

/** A node with other inputs; the node itself if they are the same. */
export function withInputs(node: Tensor, inputs: readonly Tensor[]): Tensor {
  const same = inputs.every((input, i) => input === node.inputs[i]);
  return same ? node : apply(node.op, inputs, node.attributes, node.row);
}

/** A node of an elementwise operator, its operands broadcast to one shape by explicit nodes. */
export function elementwise(op: MethodOperator, ...operands: readonly TensorLike[]): Tensor {
  const inputs = operands.map((operand) => asTensor(operand, op));
  const shape = broadcastShapes(
    op,
    inputs.map((input) => input.shape),
  );
  return apply(
    op,
    inputs.map((input) => input.broadcastTo(shape)),
  );
}

/** Whether `x` is a traced tensor, of this copy of the package or another. */
export function isTensor(x: unknown): x is Tensor {
  return Object(x)["~tensor"] === 1;
}

/** Tensors as they are, numbers as scalar constants; anything else is an error that names the operator. */
export function asTensor(x: TensorLike, op = "tensor"): Tensor {
  if (typeof x === "number") return constant(x);
  if (isTensor(x)) return x;
  throw new TypeError(
    `${op}: expected a traced tensor or a number, got ${describe(x)}. ` +
      "Arrays enter an expression by data(values, shape), as parameters, or as columns of a batch.",
  );
}

/** The same number everywhere: a scalar, or a tensor of `shape`. */
export function constant(value: number, shape: Shape = []): Tensor {
  return apply("constant", [], { value }).broadcastTo(shape);
}

/** A named slot of an engine's memory: parameter, state, column of a batch. See `Layout` for arenas. */
export function leaf(arena: string, name: string, shape: Shape): Tensor {
  return apply("leaf", [], { arena, name, shape });
}

/** A scalar that the host passes to each run: step count, hyper-parameter, random key. */
export function hostScalar(name: string): Tensor {
  return apply("hostScalar", [], { name });
}

function describe(x: unknown): string {
  return typeof x === "object" && x !== null ? (x.constructor?.name ?? "object") : String(x);
}

function reduce(op: MethodOperator, x: Tensor, axes?: Axes, options: ReduceOptions = {}): Tensor {
  const list = normalizeAxes(op, axes, x.shape);
  const reduced = apply(op, [x], { axes: list });
  return options.keepDims
    ? reduced.reshape(x.shape.map((length, axis) => (list.includes(axis) ? 1 : length)))
    : reduced;
}

/** NumPy's matmul on top of the operator, which wants equal batch axes and at least two axes each. */
function matmul(a: Tensor, b: Tensor): Tensor {
  if (a.shape.length === 0 || b.shape.length === 0) {
    throw new ShapeError(
      `matmul: shapes ${formatShape(a.shape)} and ${formatShape(b.shape)} do not fit: a scalar has no axes. Use mul.`,
    );
  }
  // A vector gets an axis of length 1, which the product loses again.
  const left = a.shape.length === 1 ? a.reshape([1, -1]) : a;
  const right = b.shape.length === 1 ? b.reshape([-1, 1]) : b;
  const batch = broadcastShapes("matmul", [left.shape.slice(0, -2), right.shape.slice(0, -2)]);
  const y = apply(
    "matmul",
    [left, right].map((x) => x.broadcastTo([...batch, ...x.shape.slice(-2)])),
  );
  return y.reshape([
    ...batch,
    ...(left === a ? y.shape.slice(-2, -1) : []),
    ...(right === b ? y.shape.slice(-1) : []),
  ]);
}
