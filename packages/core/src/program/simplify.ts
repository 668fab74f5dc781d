import { applyNamed } from "../expr/apply-named.js";
import { type Shape, sameShape, sizeOf } from "../expr/shape.js";
import type { Attributes, Tensor } from "../expr/tensor.js";
import { type OperatorName, operators } from "../operators/index.js";

type Simplify = (op: OperatorName, inputs: readonly Tensor[], attributes?: Attributes) => Tensor;
type Rule = (
  build: Simplify,
  inputs: readonly Tensor[],
  attributes: Attributes,
  shape: Shape,
) => Tensor | undefined;

/**
 * Builds primitive nodes in their simplest form, the same node for the same expression. Rules keep the bits of
 * float64, except that x² is a product where it was written as a power, and that equal terms are counted, not summed.
 */
export function simplifier(): Simplify {
  const numbers = new Map<Tensor | Float64Array, number>();
  const numberOf = (x: Tensor | Float64Array) => {
    if (!numbers.has(x)) numbers.set(x, numbers.size);
    return numbers.get(x)!;
  };
  const nodes = new Map<string, Tensor>();
  const build: Simplify = (op, inputs, attributes = {}) => {
    const node = applyNamed(op, inputs, attributes);
    const simpler = simplerForm(op, build, inputs, attributes, node.shape);
    if (simpler) return simpler;
    const operands = inputs.map(numberOf);
    if (op === "add" || op === "mul") operands.sort((a, b) => a - b);
    const key = `${op} ${operands} ${keyOf(attributes, numberOf)}`;
    const known = nodes.get(key) ?? node;
    nodes.set(key, known);
    return known;
  };
  return build;
}

/** The same text for the same attributes. */
function keyOf(attributes: Attributes, numberOf: (values: Float64Array) => number): string {
  if (Object.keys(attributes).length === 0) return "";
  return JSON.stringify(attributes, (_, value) => {
    if (value instanceof Float64Array) return numberOf(value);
    // JSON has neither -0 nor what is not finite.
    return typeof value === "number" && (value === 0 || !Number.isFinite(value))
      ? `${1 / value}${value}`
      : value;
  });
}

function simplerForm(op: OperatorName, ...given: Parameters<Rule>): Tensor | undefined {
  const rule = rules[op];
  return operators[op].scalar ? (elementwise(op, ...given) ?? rule?.(...given)) : rule?.(...given);
}

/** What a scalar stretched over a shape was; undefined for anything else. */
function scalarOf(x: Tensor): Tensor | undefined {
  if (x.shape.length === 0) return x;
  return x.op === "broadcastTo" && x.inputs[0]!.shape.length === 0 ? x.inputs[0] : undefined;
}

function numberOf(x: Tensor): number | undefined {
  const scalar = scalarOf(x);
  return scalar?.op === "constant" ? (scalar.attributes.value as number) : undefined;
}

/** Folds constants, and computes what is the same along an axis before it is stretched. */
function elementwise(
  op: OperatorName,
  build: Simplify,
  inputs: readonly Tensor[],
  attributes: Attributes,
  shape: Shape,
): Tensor | undefined {
  if (shape.length === 0) {
    const values = inputs.map(numberOf) as number[];
    if (values.includes(undefined!)) return undefined;
    return build("constant", [], { value: operators[op].scalar!(...values) });
  }
  const sources = inputs.map((input) => (input.op === "broadcastTo" ? input.inputs[0]! : undefined));
  if (sources.includes(undefined)) return undefined;
  const small = sources.find((source) => source!.shape.length > 0)?.shape ?? [];
  if (sources.some((source) => source!.shape.length > 0 && !sameShape(source!.shape, small)))
    return undefined;
  const stretched = sources.map((source) => build("broadcastTo", [source!], { shape: small }));
  return build("broadcastTo", [build(op, stretched, attributes)], { shape });
}

/** A view of a stretched scalar is that scalar, stretched. */
const ofScalar: Rule = (build, [x], _, shape) => {
  const scalar = x!.shape.length > 0 ? scalarOf(x!) : undefined;
  return scalar && build("broadcastTo", [scalar], { shape });
};

/** Axes of length 1 are dropped without a loop, and what is the same everywhere needs none. */
function reduction(
  op: OperatorName,
  ofEqual: (x: Tensor, count: number, build: Simplify) => Tensor | undefined,
): Rule {
  return (build, [x], attributes, shape) => {
    const axes = attributes.axes as readonly number[];
    const long = axes.filter((axis) => x!.shape[axis] !== 1);
    if (long.length === 0) return build("reshape", [x!], { shape });
    const scalar = scalarOf(x!);
    const count = sizeOf(long.map((axis) => x!.shape[axis]!));
    const equal = scalar && count > 0 ? ofEqual(scalar, count, build) : undefined;
    if (equal) return build("broadcastTo", [equal], { shape });
    if (long.length === axes.length) return undefined;
    const dropped = (axis: number) => axes.includes(axis) && x!.shape[axis] === 1;
    const kept = x!.shape.map((_, axis) => axis).filter((axis) => !dropped(axis));
    const tight = build("reshape", [x!], { shape: kept.map((axis) => x!.shape[axis]!) });
    return build(op, [tight], { axes: long.map((axis) => kept.indexOf(axis)) });
  };
}

const swapped = (rank: number) =>
  Array.from({ length: rank }, (_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));

/** Whether the last two axes, and only they, are exchanged. */
const isSwap = (x: Tensor) =>
  x.op === "transpose" && String(x.attributes.order) === String(swapped(x.shape.length));

const rules: Partial<Record<OperatorName, Rule>> = {
  add(build, [a, b], _, __) {
    if (Object.is(numberOf(b!), -0)) return a;
    if (Object.is(numberOf(a!), -0)) return b;
    if (b!.op === "neg") return build("sub", [a!, b!.inputs[0]!]);
    if (a!.op === "neg") return build("sub", [b!, a!.inputs[0]!]);
    return undefined;
  },
  sub(build, [a, b]) {
    if (Object.is(numberOf(b!), 0)) return a;
    return b!.op === "neg" ? build("add", [a!, b!.inputs[0]!]) : undefined;
  },
  mul(build, [a, b]) {
    for (const [x, y] of [
      [a!, b!],
      [b!, a!],
    ] as const) {
      if (numberOf(x) === 1) return y;
      if (numberOf(x) === -1) return build("neg", [y]);
    }
    return undefined;
  },
  div(build, [a, b], _, shape) {
    const by = numberOf(b!);
    if (by === 1) return a;
    // Division by a power of two is multiplication by another, bit for bit, and multiplication is faster.
    if (by === undefined || by === 0 || Math.abs(Math.log2(Math.abs(by))) > 1000) return undefined;
    const exact = 2 ** Math.round(Math.log2(Math.abs(by))) === Math.abs(by);
    const inverse = () => build("broadcastTo", [build("constant", [], { value: 1 / by })], { shape });
    return exact ? build("mul", [a!, inverse()]) : undefined;
  },
  neg: (_, [a]) => (a!.op === "neg" ? a!.inputs[0] : undefined),
  pow(build, [a, b], _, shape) {
    const power = numberOf(b!);
    if (power === 0) return build("broadcastTo", [build("constant", [], { value: 1 })], { shape });
    if (power === 1) return a;
    return power === 2 ? build("mul", [a!, a!]) : undefined;
  },
  where(_, [condition, yes, no]) {
    if (yes === no) return yes;
    const known = numberOf(condition!);
    return known === undefined ? undefined : known !== 0 ? yes : no;
  },
  broadcastTo(build, [x], _, shape) {
    if (sameShape(x!.shape, shape)) return x;
    if (x!.op === "broadcastTo") return build("broadcastTo", [x!.inputs[0]!], { shape });
    return undefined;
  },
  reshape(build, given, attributes, shape) {
    const [x] = given;
    if (sameShape(x!.shape, shape)) return x;
    if (x!.shape.length === 0) return build("broadcastTo", [x!], { shape });
    if (x!.op === "reshape") return build("reshape", [x!.inputs[0]!], { shape });
    return ofScalar(build, given, attributes, shape);
  },
  transpose(build, given, attributes, shape) {
    const [x] = given;
    const order = attributes.order as readonly number[];
    const long = order.filter((axis) => x!.shape[axis] !== 1);
    if (long.every((axis, i) => i === 0 || axis > long[i - 1]!)) return build("reshape", [x!], { shape });
    if (x!.op === "transpose") {
      const inner = x!.attributes.order as readonly number[];
      return build("transpose", [x!.inputs[0]!], { order: order.map((axis) => inner[axis]!) });
    }
    // (a·b)ᵀ = bᵀ·aᵀ: transposed operands cost nothing, a transposed result would cost a copy. Not through a chain of
    // products, which would all be computed anew, from one end to the other for each of them.
    const isChain = x!.inputs.some((input) => input.op === "matmul");
    if (x!.op === "matmul" && !isChain && String(order) === String(swapped(order.length))) {
      const [a, b] = x!.inputs.map((input) => build("transpose", [input], { order }));
      return build("matmul", [b!, a!]);
    }
    return ofScalar(build, given, attributes, shape);
  },
  slice(build, given, attributes, shape) {
    const [x] = given;
    if (sameShape(x!.shape, shape)) return x;
    if (x!.op === "slice") {
      const outer = attributes.begin as readonly number[];
      const begin = (x!.attributes.begin as readonly number[]).map((from, axis) => from + outer[axis]!);
      return build("slice", [x!.inputs[0]!], { begin, size: shape });
    }
    return ofScalar(build, given, attributes, shape);
  },
  sum: reduction("sum", (x, count, build) => build("mul", [x, build("constant", [], { value: count })])),
  max: reduction("max", (x) => x),
  min: reduction("min", (x) => x),
  prod: reduction("prod", () => undefined),
  /** Products with a single column, row or term are elementwise products, summed: tiles would be mostly empty. */
  matmul(build, [a, b], _, shape) {
    const rank = shape.length;
    const [m, n] = shape.slice(-2) as [number, number];
    const k = a!.shape.at(-1)!;
    const product = (x: Tensor, y: Tensor, over: Shape) =>
      build(
        "mul",
        [x, y].map((operand) => build("broadcastTo", [operand], { shape: over })),
      );
    const flip = (x: Tensor) => build("transpose", [x], { order: swapped(rank) });
    const sum = (x: Tensor, axis: number) =>
      build("reshape", [build("sum", [x], { axes: [axis] })], { shape });
    if (k === 1) return product(a!, b!, shape);
    // The sum runs over the axis that the matrix has in memory, so that forward and backward share their loop.
    if (n === 1) {
      if (isSwap(a!)) return sum(product(a!.inputs[0]!, b!, a!.inputs[0]!.shape), rank - 2);
      return sum(product(a!, flip(b!), a!.shape), rank - 1);
    }
    if (m === 1) {
      if (isSwap(b!)) return sum(product(b!.inputs[0]!, a!, b!.inputs[0]!.shape), rank - 1);
      return sum(product(b!, flip(a!), b!.shape), rank - 2);
    }
    return undefined;
  },
  concat: (_, inputs) => (inputs.length === 1 ? inputs[0] : undefined),
  pad: (_, [x], __, shape) => (sameShape(x!.shape, shape) ? x : undefined),
  data(build, _, { values }, shape) {
    if (sizeOf(shape) !== 1) return undefined;
    const value = build("constant", [], { value: (values as Float64Array)[0]! });
    return build("broadcastTo", [value], { shape });
  },
  /** An index along one axis is that axis' own range, stretched over the others. */
  iota(build, _, attributes, shape) {
    if (shape.length === 1) return undefined;
    const axis = attributes.axis as number;
    const range = build("iota", [], { shape: [shape[axis]!], axis: 0 });
    const line = build("reshape", [range], { shape: shape.map((length, i) => (i === axis ? length : 1)) });
    return build("broadcastTo", [line], { shape });
  },
};
