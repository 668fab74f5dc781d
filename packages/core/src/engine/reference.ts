import { sizeOf } from "../expr/shape.js";
import type { Tensor } from "../expr/tensor.js";
import type { Values } from "../operators/operator.js";
import { topologicalOrder } from "../program/graph.js";
import type { DType, Layout, Program } from "../program/program.js";
import type { Engine, Kernel, Session } from "./engine.js";
import { hostMemory } from "./host-memory.js";

/**
 * Interprets a program node by node from the operators' reference values, out of place. Slow and exact, without
 * generated code: the oracle for every other engine, and the engine where a content-security policy forbids `js`.
 * In float32 every operator's result is rounded.
 */
export function reference(): Engine<"sync"> {
  return {
    "~engine": 1,
    name: "reference",
    mode: "sync",
    dtypes: ["float64", "float32"],
    open: openReference,
  };
}

/** A session of the reference engine; `notes` says why it stands in for another. */
export function openReference(layout: Layout, dtype: DType, notes: readonly string[] = []): Session<"sync"> {
  const memory = hostMemory(layout, dtype);
  return { ...memory, notes, load: (program) => interpret(program, memory.view, dtype) };
}

function interpret(program: Program, view: Session<"sync">["view"], dtype: DType): Kernel<"sync"> {
  const order = topologicalOrder(program.writes.map((write) => write.value));
  return {
    run(scalars) {
      const values = new Map<Tensor, Values>();
      const valueOf = (node: Tensor): Float64Array => {
        if (node.op === "leaf") {
          const { arena, name } = node.attributes as { arena: string; name: string };
          return Float64Array.from(view(arena, name).subarray(0, sizeOf(node.shape)));
        }
        if (node.op === "hostScalar") {
          return Float64Array.of(scalars[program.hostScalars.indexOf(node.attributes.name as string)]!);
        }
        const inputs = node.inputs.map((input) => values.get(input)!);
        return node.row.value(inputs, node.attributes, node.shape);
      };
      const onHost = new Set<Tensor>();
      for (const node of order) {
        // Scalars of the host keep their float64: bias corrections would lose it.
        const host =
          node.op === "hostScalar" ||
          (node.op !== "leaf" && node.shape.length === 0 && node.inputs.every((input) => onHost.has(input)));
        if (host) onHost.add(node);
        const data = valueOf(node);
        values.set(node, {
          shape: node.shape,
          data: dtype === "float32" && !host ? data.map(Math.fround) : data,
        });
      }
      for (const { arena, name, value } of program.writes) view(arena, name).set(values.get(value)!.data);
    },
  };
}
