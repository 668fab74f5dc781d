import { sizeOf } from "../../expr/shape.js";
import { type Tensor, withInputs } from "../../expr/tensor.js";
import type { ElementwisePrimitive, OperatorName } from "../../operators/names.js";
import { groupsOf } from "../../operators/reductions.js";
import { expand } from "../../program/expand.js";
import { topologicalOrder } from "../../program/graph.js";
import type { Program, Write } from "../../program/program.js";
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

/** Operators that only move numbers, and put zeros between them. */
const movements = new Set<OperatorName>(["transpose", "broadcastTo", "slice", "pad"]);

/** Longer expressions are computed apart: JavaScript engines read nested ones by recursion. */
const longest = 1000;

/**
 * A program as one JavaScript function, which reads slots first and writes them last. Numbers get a name each. Of
 * tensors, a node that is used once is an expression inside the loop that uses it; others fill an array of their own.
 * What has no text here, such as a matrix product, is computed by its reference value.
 */
export function compile(program: Program, view: Session<"sync">["view"]): Kernel<"sync">["run"] {
  const primitives = expand(
    program.writes.map(({ value }) => value),
    withInputs,
  );
  const writes = program.writes.map((write) => ({ ...write, value: primitives.get(write.value)! }));
  const order = topologicalOrder(writes.map(({ value }) => value));
  const uses = countUses(order, writes);
  const places = new Map<Tensor, Place>();
  const lines: string[] = [];
  /** Names of numbers by their expressions: what is written alike is computed once. */
  const numbers = new Map<string, string>();
  /** Names of the arrays, tables and functions that the text uses. */
  const objects = new Map<unknown, string>();
  const textOf = (node: Tensor) => places.get(node)!.text;
  const loop = (size: number, line: string) => lines.push(`for (let i = 0; i < ${size}; i++) ${line};`);

  function keep(x: unknown): string {
    if (!objects.has(x)) objects.set(x, `o${objects.size}`);
    return objects.get(x)!;
  }
  /** An array that a loop fills. */
  function fill(text: string, size: number): string {
    const array = keep(new Float64Array(size));
    loop(size, `${array}[i] = ${text}`);
    return array;
  }
  /** A new variable. */
  function name(kind: "const" | "let", text: string | number): string {
    const number = `v${lines.length}`;
    lines.push(`${kind} ${number} = ${text};`);
    return number;
  }
  /** An array of all of a node's numbers; one number may stand for many. */
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
    /** The place of an expression: itself where it is used once. */
    const express = (text: string): Place => {
      if (size === 1) {
        if (!numbers.has(text)) numbers.set(text, name("const", text));
        return { text: numbers.get(text)! };
      }
      return uses.get(node)! < 2 && text.length < longest ? { text } : inArray(fill(text, size));
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
      const to = new Int32Array(count);
      groupsOf(x.shape, attributes.axes as readonly number[]).forEach((group, i) => {
        for (const element of group) to[element] = i;
      });
      const totals = fill(String(first), size);
      fold(`${totals}[${keep(to)}[i]]`);
      return inArray(totals);
    }
    if (op === "broadcastTo" && count === 1) return { text: textOf(x) };
    if (movements.has(op)) {
      // Where each number comes from, -1 for nowhere: what the operator makes of the places themselves.
      const moved = value(Float64Array.from({ length: count }, (_, i) => i + 1));
      const from = `${keep(Int32Array.from(moved, (place) => place - 1))}[${at}]`;
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
  const text = `const [${[...objects.values()]}] = o;\nreturn function run(given) {\n${lines.join("\n")}\n};`;
  const make = new Function("o", "w", "library", `"use strict";\n${libraryText}${text}`);
  return make([...objects.keys()], new Float64Array(2), linked);
}

/** Whether a node has the numbers of its input in the same order. */
function isSame({ op, inputs, shape }: Tensor): boolean {
  return (
    op === "reshape" || ((op === "broadcastTo" || op in folds) && sizeOf(inputs[0]!.shape) === sizeOf(shape))
  );
}

/** Operators whose text would hold an operand twice, or whose operands pass through the same cells. */
const ofNames = new Set<OperatorName>(["maximum", "pow", "atan2"]);

/** How often each node's expression would be written; two for what must be in memory or have a name. */
function countUses(order: readonly Tensor[], writes: readonly Write[]): ReadonlyMap<Tensor, number> {
  const uses = new Map<Tensor, number>();
  const count = (node: Tensor, times: number) => uses.set(node, (uses.get(node) ?? 0) + times);
  for (const { value } of writes) count(value, 2);
  for (const node of [...order].reverse()) {
    const { op, inputs, row } = node;
    const takesText = (row.scalar || op in folds) && !ofNames.has(op);
    for (const input of inputs) count(input, isSame(node) ? uses.get(node)! : takesText ? 1 : 2);
  }
  return uses;
}
