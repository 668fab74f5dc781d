import { type Shape, sizeOf } from "../../expr/shape.js";
import { type Tensor, withInputs } from "../../expr/tensor.js";
import { methodOperators } from "../../operators/methods.js";
import type { ElementwisePrimitive } from "../../operators/names.js";
import { expand } from "../../program/expand.js";
import { topologicalOrder } from "../../program/graph.js";
import type { Program, Write } from "../../program/program.js";
import { sharing } from "../../program/sharing.js";
import type { Kernel, Session } from "../engine.js";
import { literal, spell } from "../js/elementwise.js";
import { libraryText, linked } from "../js/library.js";

/** Where a node's numbers are. */
interface Place {
  /** The number, or element `i` of several: a name, a place in memory, or an expression that is used once. */
  readonly text: string;
  /** The array that holds them all, if one does. */
  readonly array?: string;
}

/** Reductions: what takes in another number, and the first total. */
const folds: Readonly<Record<string, readonly [ElementwisePrimitive, number]>> = {
  sum: ["add", 0],
  prod: ["mul", 1],
  max: ["maximum", -Infinity],
  min: ["minimum", Infinity],
};

/** Longer expressions get a name: V8 reads nested ones by recursion. */
const longest = 1000;

/**
 * A program as one JavaScript function. A node that is used once is an expression inside the one that uses it; others
 * get a name, or a loop that fills an array of their own.
 */
export function compile(program: Program, view: Session<"sync">["view"]): Kernel<"sync">["run"] {
  const share = sharing();
  const { writes } = expand(program, (node, inputs) => share(withInputs(node, inputs)));
  const order = topologicalOrder(writes.map(({ value }) => value));
  const uses = countUses(order, writes);
  const places = new Map<Tensor, Place>();
  const lines: string[] = [];
  /** What the text knows as o0, o1, … */
  const objects: unknown[] = [];
  const keep = (x: unknown) => `o${objects.push(x) - 1}`;
  const textOf = (node: Tensor) => places.get(node)!.text;
  const loop = (size: number, line: string) => lines.push(`for (let i = 0; i < ${size}; i++) ${line};`);

  /** An array that a loop fills. */
  function fill(text: string, size: number): string {
    const array = keep(new Float64Array(size));
    loop(size, `${array}[i] = ${text}`);
    return array;
  }
  /** A new name for a number. */
  function name(kind: "const" | "let", text: string | number): string {
    const number = `v${lines.length}`;
    lines.push(`${kind} ${number} = ${text};`);
    return number;
  }
  function whole(node: Tensor): string {
    const { text, array } = places.get(node)!;
    return array ?? fill(text, sizeOf(node.shape));
  }

  function place(node: Tensor): Place {
    const { op, inputs, attributes, shape, row } = node;
    const [x] = inputs;
    const size = sizeOf(shape);
    const at = size === 1 ? 0 : "i";
    const inArray = (array: string): Place => ({ text: `${array}[${at}]`, array });
    const express = (text: string): Place => {
      if (uses.get(node)! < 2 && text.length < longest) return { text };
      return size === 1 ? { text: name("const", text) } : inArray(fill(text, size));
    };
    if (op === "constant") return { text: literal(attributes.value as number) };
    if (op === "hostScalar") {
      return express(`given[${program.hostScalars.indexOf(attributes.name as string)}]`);
    }
    if (op === "leaf") {
      return express(`${keep(view(attributes.arena as string, attributes.name as string))}[${at}]`);
    }
    if (isSame(node)) return places.get(x!)!;
    if (row.scalar) {
      return express(`(${spell(op as ElementwisePrimitive, inputs.map(textOf))})`);
    }
    const value = (...data: Float64Array[]) =>
      row.value(
        inputs.map(({ shape }, i) => ({ shape, data: data[i]! })),
        attributes,
        shape,
      );
    if (!x) return inArray(keep(value()));
    const count = sizeOf(x.shape);
    if (op in folds) {
      const [take, first] = folds[op]!;
      const fold = (total: string) => loop(count, `${total} = ${spell(take, [total, textOf(x)])}`);
      if (size === 1) {
        const total = name("let", first);
        fold(total);
        return { text: total };
      }
      const axes = attributes.axes as readonly number[];
      const kept = x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
      const array = fill(literal(first), size);
      fold(`${array}[${keep(sources("broadcastTo", kept, { shape: x.shape }, x.shape))}[i]]`);
      return inArray(array);
    }
    if (op === "broadcastTo" && count === 1) return { text: textOf(x) };
    if (op === "transpose" || op === "broadcastTo" || op === "slice" || op === "pad") {
      const from = `${keep(sources(op, x.shape, attributes, shape))}[${at}]`;
      return express(`(${from} < 0 ? 0 : ${whole(x)}[${from}])`);
    }
    const result = new Float64Array(size);
    const calculate = (...data: Float64Array[]) => result.set(value(...data));
    lines.push(`${keep(calculate)}(${inputs.map(whole)});`);
    return inArray(keep(result));
  }

  for (const node of order) places.set(node, place(node));
  for (const { arena, name, value } of writes) {
    const slot = keep(view(arena, name));
    const isNumber = sizeOf(value.shape) === 1;
    lines.push(isNumber ? `${slot}[0] = ${textOf(value)};` : `${slot}.set(${whole(value)});`);
  }
  const text = `const [${objects.map((_, i) => `o${i}`)}] = o;\nreturn function run(given) {\n${lines.join("\n")}\n};`;
  const make = new Function("o", "w", "library", `"use strict";\n${libraryText}${text}`);
  return make(objects, new Float64Array(2), linked);
}

/** Whether a node has the numbers of its input in the same order. */
function isSame({ op, inputs, shape }: Tensor): boolean {
  return (
    op === "reshape" || ((op === "broadcastTo" || op in folds) && sizeOf(inputs[0]!.shape) === sizeOf(shape))
  );
}

/** Operators whose text would hold an operand twice, or whose operands pass through the same cells. */
const ofNames = ["maximum", "pow", "atan2"];

/** How often each node's expression would be written; two for what must be in memory or have a name. */
function countUses(order: readonly Tensor[], writes: readonly Write[]): ReadonlyMap<Tensor, number> {
  const uses = new Map<Tensor, number>();
  const count = (node: Tensor, times: number) => uses.set(node, (uses.get(node) ?? 0) + times);
  for (const { value } of writes) count(value, 2);
  for (const node of [...order].reverse()) {
    const { op, inputs, row } = node;
    const takesText = (row.scalar || op in folds) && !ofNames.includes(op);
    for (const input of inputs) count(input, isSame(node) ? uses.get(node)! : takesText ? 1 : 2);
  }
  return uses;
}

/** For each element of an operator's result the place in its input, -1 for none: from the operator's own value. */
function sources(
  op: "broadcastTo" | "transpose" | "slice" | "pad",
  shape: Shape,
  attributes: Tensor["attributes"],
  to: Shape,
): Int32Array {
  const places = Float64Array.from({ length: sizeOf(shape) }, (_, i) => i + 1);
  return Int32Array.from(
    methodOperators[op].value([{ shape, data: places }], attributes as never, to),
    (place) => place - 1,
  );
}
