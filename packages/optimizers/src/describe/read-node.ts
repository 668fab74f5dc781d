import type { Tensor } from "@downhill/core";
import { type Comparison, type Formula, number, product, sum } from "./formula.js";

const transposed: Formula = { kind: "symbol", symbol: { text: "ᵀ", latex: "\\top" } };

/** The formula of a node, given those of its inputs and how its leaves are called. */
export function readNode(
  node: Tensor,
  inputs: readonly Formula[],
  nameLeaf: (node: Tensor) => Formula,
): Formula {
  const [a, b, c] = inputs as [Formula, Formula, Formula];
  switch (node.op) {
    case "leaf":
    case "hostScalar":
      return nameLeaf(node);
    case "constant":
      return number(node.attributes.value as number);
    case "add":
      return sum(a, b);
    case "sub":
      return sum(a, b, true);
    case "neg":
      return sum(number(0), a, true);
    case "mul":
      return product(a, b);
    case "div":
      return product(a, b, true);
    case "square":
      return { kind: "power", base: a, exponent: number(2) };
    case "pow":
      if (b.kind === "number" && b.value === -1) return product(number(1), a, true);
      return { kind: "power", base: a, exponent: b };
    case "rsqrt":
      return product(number(1), root(a), true);
    case "sqrt":
      return root(a);
    case "lt":
    case "le":
    case "gt":
    case "ge":
    case "eq":
    case "ne":
      return { kind: "compare", by: node.op satisfies Comparison, a, b };
    case "where":
      return { kind: "where", condition: a, yes: b, no: c };
    case "minimum":
    case "maximum":
      return { kind: "call", name: node.op.slice(0, 3), args: [a, b] };
    case "clamp":
      return { kind: "call", name: "clip", args: [a, b, c] };
    case "isFinite":
      return { kind: "call", name: "finite", args: [a] };
    case "matmul":
      return { kind: "matmul", a, b };
    case "transpose":
      return a.kind === "power" && a.exponent === transposed
        ? a.base
        : { kind: "power", base: a, exponent: transposed };
    case "normal":
      return { kind: "call", name: "N", args: [number(0), number(1)] };
    case "sum":
    case "mean":
    case "max":
    case "min":
    case "prod":
    case "norm":
      return { kind: "call", name: node.op, ...axesOf(node), args: [a] };
    case "acrossParameters":
      if (a.kind === "call" && a.name === "sum" && !a.over) return { ...a, over: "all" };
      return { kind: "call", name: "sum", over: "all", args: [a] };
    case "broadcastTo":
    case "reshape":
    case "stopGradient":
      return a;
    default:
      return { kind: "call", name: node.op, args: inputs };
  }
}

/** √x; that of a sum of squares over all parameters is a norm. */
function root(x: Formula): Formula {
  if (x.kind === "call" && x.name === "sum" && x.over === "all") {
    const [squares] = x.args as [Formula];
    if (squares.kind === "power" && squares.exponent.kind === "number" && squares.exponent.value === 2) {
      return { kind: "call", name: "norm", over: "all", args: [squares.base] };
    }
  }
  return { kind: "call", name: "sqrt", args: [x] };
}

/** The axes of a reduction, where it is not over all of them. */
function axesOf(node: Tensor): { readonly over?: string } {
  const axes = node.attributes.axes as readonly number[];
  return axes.length < node.inputs[0]!.shape.length ? { over: axes.join(",") } : {};
}
