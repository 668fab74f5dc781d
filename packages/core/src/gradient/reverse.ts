import { where } from "../expr/functions.js";
import { formatShape, ShapeError, sameShape } from "../expr/shape.js";
import { constant, type Tensor } from "../expr/tensor.js";
import type { OperatorName } from "../operators/names.js";
import { topologicalOrder } from "../program/graph.js";

/**
 * Gradients of the scalar `y` with respect to each of `wrt`, by reverse accumulation, as expressions of the same
 * graph. A tensor that `y` does not depend on has a gradient of zeros.
 */
export function gradients(y: Tensor, wrt: readonly Tensor[]): Tensor[] {
  if (y.shape.length > 0) {
    throw new ShapeError(
      `gradient: expected a scalar, got shape ${formatShape(y.shape)}. Reduce it with sum() or mean().`,
    );
  }
  const order = topologicalOrder([y]);
  const active = reachableFrom(wrt, order);
  const guarded = behindWhere(order);
  const adjoints = new Map<Tensor, Tensor>([[y, constant(1)]]);
  for (const node of order.reverse()) {
    const g = adjoints.get(node);
    if (g === undefined || !active.has(node)) continue;
    const { derivative } = node.row;
    const parts = node.inputs.length > 0 ? derivative(g, node, node.inputs, node.attributes) : [];
    node.inputs.forEach((input, i) => {
      const part = parts[i];
      if (part === undefined || !active.has(input)) return;
      // A branch of `where` that was not taken has adjoint 0, and 0 times an infinite derivative is NaN.
      const safe = guarded.has(node) && sameShape(g.shape, part.shape) ? where(g.eq(0), 0, part) : part;
      const sum = adjoints.get(input);
      adjoints.set(input, sum === undefined ? safe : sum.add(safe));
    });
  }
  return wrt.map((node) => adjoints.get(node) ?? constant(0, node.shape));
}

/** The nodes of `order` that depend on one of `sources`, those included. */
function reachableFrom(sources: readonly Tensor[], order: readonly Tensor[]): Set<Tensor> {
  const reached = new Set(sources);
  for (const node of order) {
    if (node.inputs.some((input) => reached.has(input))) reached.add(node);
  }
  return reached;
}

/** Operators whose value or derivative may be infinite or NaN for finite inputs. */
const singular: ReadonlySet<OperatorName> = new Set([
  "div",
  "pow",
  "sqrt",
  "rsqrt",
  "log",
  "log1p",
  "exp",
  "expm1",
]);

/** Nodes that a branch of some `where` depends on and that may not be finite: no others can turn a 0 into NaN. */
function behindWhere(order: readonly Tensor[]): Set<Tensor> {
  const branches = order.flatMap((node) => (node.op === "where" ? node.inputs.slice(1) : []));
  const behind = new Set(topologicalOrder(branches));
  const guarded = new Set<Tensor>();
  for (const node of order) {
    const risky = singular.has(node.op) || node.inputs.some((input) => guarded.has(input));
    if (risky && behind.has(node)) guarded.add(node);
  }
  return guarded;
}
