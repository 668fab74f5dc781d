import { sizeOf, slotKey, type Tensor } from "@downhill/core";
import { lower, operators, topologicalOrder } from "@downhill/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { elementwiseOps, structuralOps, uniformOp } from "./plain-ops.js";
import { sameForAll } from "./report.js";
import type { PreparedUpdate, SlotTensors, TracedUpdate } from "./update-path.js";

/**
 * tfjs's own ops, node by node: correct on every backend, fused on none. `why` says what kept the others from it.
 * Scalars that depend on the host alone stay numbers, in float64, until they meet a tensor.
 */
export function preparePlain(update: TracedUpdate, why: string): PreparedUpdate {
  const { writes } = lower(update.program);
  const order = topologicalOrder(writes.map((write) => write.value));
  const { hostScalars } = update.program;
  return {
    report: sameForAll(update, { path: "plain", why }),
    run(tensors, numbers) {
      tf.tidy(() => {
        const values = evaluate(order, tensors, (name) => numbers[hostScalars.indexOf(name)]!);
        // A variable's numbers themselves may be what another one gets, or it keeps: they must outlive its assignment.
        const next = writes.map(({ value }) => tf.clone(whole(values.get(value)!, value.shape)));
        writes.forEach(({ arena, name }, i) => {
          (tensors.get(slotKey(arena, name)) as tf.Variable).assign(next[i]!);
        });
      });
    },
    dispose() {},
  };
}

/** A tensor that broadcasts to the node's shape; a number, which is every element. */
type Value = tf.Tensor | number;

function evaluate(
  order: readonly Tensor[],
  tensors: SlotTensors,
  given: (hostScalar: string) => number,
): Map<Tensor, Value> {
  const values = new Map<Tensor, Value>();
  const valueOf = ({ op, inputs, attributes, shape }: Tensor): Value => {
    const from = inputs.map((input) => values.get(input)!);
    if (op === "constant") return attributes.value as number;
    if (op === "hostScalar") return given(attributes.name as string);
    if (op === "leaf") {
      const slot = tensors.get(slotKey(attributes.arena as string, attributes.name as string))!;
      const part = sizeOf(shape) < slot.size ? tf.slice(tf.reshape(slot, [-1]), 0, sizeOf(shape)) : slot;
      return String(part.shape) === String(shape) ? part : tf.reshape(part, [...shape]);
    }
    if (op === "uniform") return uniformOp(numberOf(from[0]!), attributes, shape);
    if (op === "broadcastTo") return from[0]!;
    if (op in elementwiseOps) {
      if (from.every((value) => typeof value === "number")) return operators[op].scalar!(...from);
      const [a, b, c] = from.map((value) => (typeof value === "number" ? tf.scalar(value) : value));
      return elementwiseOps[op as keyof typeof elementwiseOps](a!, b!, c!);
    }
    const full = inputs.map((input, i) => whole(from[i]!, input.shape));
    return structuralOps[op as keyof typeof structuralOps](full, attributes, shape);
  };
  for (const node of order) values.set(node, valueOf(node));
  return values;
}

function whole(value: Value, shape: readonly number[]): tf.Tensor {
  if (typeof value === "number") return tf.fill([...shape], value);
  return String(value.shape) === String(shape) ? value : tf.broadcastTo(value, [...shape]);
}

function numberOf(value: Value): number {
  if (typeof value === "number") return value;
  throw new Error("The key of random numbers must be known to the host.");
}
