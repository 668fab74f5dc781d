import { type Shape, sizeOf } from "../../expr/shape.js";
import { apply, type Tensor } from "../../expr/tensor.js";
import { type ElementwisePrimitive, operators } from "../../operators/index.js";
import { expand } from "../../program/expand.js";
import { topologicalOrder } from "../../program/graph.js";
import type { Program } from "../../program/program.js";
import type { Session } from "../engine.js";
import { literal, spell } from "../js/elementwise.js";
import { multiply } from "./multiply.js";

/** A loop over equally many elements that still takes in nodes. */
interface Loop {
  readonly size: number;
  /** Starts of the sums, products and extremes that the loop gathers. */
  readonly before: string[];
  readonly lines: { readonly text: string; readonly place?: Place }[];
}

/** Where a node's numbers are. */
interface Place {
  /** The number, or inside `loop` the element. */
  readonly text: string;
  readonly size: number;
  /** The loop that computes it. */
  readonly loop?: Loop;
  /** Memory, once somebody outside the loop reads it. */
  array?: string;
  /** Whether that memory is a slot, which the run's writes change. */
  readonly slot?: true;
}

/** Reductions: the first value, and how another is taken in. */
const gathering: Readonly<Record<string, readonly [first: string, (total: string, x: string) => string]>> = {
  sum: ["0", (total, x) => `${total} += ${x}`],
  prod: ["1", (total, x) => `${total} *= ${x}`],
  max: ["-Infinity", (total, x) => `${total} = Math.max(${total}, ${x})`],
  min: ["Infinity", (total, x) => `${total} = Math.min(${total}, ${x})`],
};

/** A program as the body of a function of the objects `o`, the workspace `w` and the library. */
export function write(
  program: Program,
  view: Session<"sync">["view"],
): { readonly text: string; readonly objects: readonly unknown[] } {
  const { writes } = expand(program, apply);
  const objects: unknown[] = [];
  const keep = (x: unknown) => `o${objects.push(x) - 1}`;
  const places = new Map<Tensor, Place>();
  const parts: (string | Loop)[] = [];
  let open: Loop | undefined;
  let names = 0;
  const name = () => `v${names++}`;

  function close(): void {
    if (open) parts.push(open);
    open = undefined;
  }
  /** The loop to add to, of `size` elements. */
  function loopOf(size: number): Loop {
    if (open?.size !== size) close();
    open ??= { size, before: [], lines: [] };
    return open;
  }
  /** A node's place; a total is finished first. */
  function finished(node: Tensor): Place {
    const place = places.get(node)!;
    if (open && place.loop === open && (place.size === 1 || !place.text)) close();
    return place;
  }
  /** A node's number, or its element `i` inside the open loop. */
  const element = (node: Tensor) => {
    const place = places.get(node)!;
    return place.size === 1 || (place.loop && place.loop === open) ? place.text : `${array(place)}[i]`;
  };
  const array = (place: Place) => (place.array ??= keep(new Float64Array(place.size)));
  /** The memory that holds all of a node's numbers. */
  function whole(node: Tensor): string {
    const place = finished(node);
    if (place.loop === open) close();
    if (place.size !== 1) return array(place);
    const filled = keep(new Float64Array(sizeOf(node.shape)));
    parts.push(`${filled}.fill(${place.text});\n`);
    return filled;
  }
  /** Each element of a node by the text that `line` gives it, after its inputs are finished. */
  function each(size: number, inputs: readonly Tensor[], line: () => string): Place {
    inputs.forEach(finished);
    const text = name();
    if (size === 1) {
      parts.push(`const ${text} = ${line()};\n`);
      return { text, size };
    }
    const loop = loopOf(size);
    const place: Place = { text, size, loop };
    loop.lines.push({ text: `const ${text} = ${line()};`, place });
    return place;
  }
  function place(node: Tensor): Place {
    const { op, inputs, attributes, shape } = node;
    const size = sizeOf(shape);
    const [x] = inputs;
    const from = x && places.get(x)!;
    if (op === "constant") return { text: literal(attributes.value as number), size };
    if (op === "hostScalar")
      return { text: `given[${program.hostScalars.indexOf(attributes.name as string)}]`, size };
    if (op === "leaf") {
      const slot = keep(view(attributes.arena as string, attributes.name as string).subarray(0, size));
      return size === 1 ? each(1, [], () => `${slot}[0]`) : { text: "", size, array: slot, slot: true };
    }
    if (op === "reshape" || (op === "broadcastTo" && from!.size === 1)) return from!;
    const row = operators[op];
    if (row.scalar) return each(size, inputs, () => spell(op as ElementwisePrimitive, inputs.map(element)));
    const value = (data: readonly Float64Array[]) =>
      row.value(
        inputs.map((input, i) => ({ shape: input.shape, data: data[i]! })),
        attributes,
        shape,
      );
    if (!x) {
      const numbers = value([]);
      return size === 1 ? { text: literal(numbers[0]!), size } : { text: "", size, array: keep(numbers) };
    }
    if (op in gathering) {
      const count = sizeOf(x.shape);
      const [first, take] = gathering[op]!;
      if (count === size) return from!;
      finished(x);
      const loop = loopOf(count);
      if (size === 1) {
        const text = name();
        loop.before.push(`let ${text} = ${first};\n`);
        loop.lines.push({ text: `${take(text, element(x))};` });
        return { text, size, loop };
      }
      const totals = keep(new Float64Array(size));
      const kept = x.shape.map((length, axis) =>
        (attributes.axes as readonly number[]).includes(axis) ? 1 : length,
      );
      const to = keep(sources("broadcastTo", kept, { shape: x.shape }, x.shape));
      loop.before.push(`${totals}.fill(${first});\n`);
      loop.lines.push({ text: `${take(`${totals}[${to}[i]]`, element(x))};` });
      return { text: "", size, loop, array: totals };
    }
    if (op === "transpose" || op === "broadcastTo" || op === "slice" || op === "pad") {
      const all = whole(x);
      const from = keep(sources(op, x.shape, attributes, shape));
      const at = size === 1 ? "0" : "i";
      // A place outside, which `pad` has, reads undefined.
      return each(size, [], () => `${all}[${from}[${at}]]${op === "pad" ? " ?? 0" : ""}`);
    }
    const result = new Float64Array(size);
    const compute =
      op === "matmul"
        ? (...[a, b]: Float64Array[]) => multiply(a!, b!, result, inputs[1]!.shape)
        : (...data: Float64Array[]) => result.set(value(data));
    const data = inputs.map(whole);
    parts.push(`${keep(compute)}(${data.join(", ")});\n`);
    const array = keep(result);
    return size === 1 ? each(1, [], () => `${array}[0]`) : { text: "", size, array };
  }

  for (const node of topologicalOrder(writes.map((each) => each.value))) places.set(node, place(node));
  const moves = writes.map(({ arena, name, value }) => {
    const size = sizeOf(value.shape);
    const slot = keep(view(arena, name).subarray(0, size));
    const held = finished(value);
    if (held.size === 1) return size === 1 ? `${slot}[0] = ${held.text};\n` : `${slot}.fill(${held.text});\n`;
    if (!held.slot) return `${slot}.set(${whole(value)});\n`;
    // Another write may change that slot first.
    const copy = each(held.size, [], () => `${held.array}[i]`);
    return `${slot}.set(${array(copy)});\n`;
  });
  close();
  const body = parts.map((part) => (typeof part === "string" ? part : loopText(part))).join("");
  const kept = objects.map((_, i) => `const o${i} = o[${i}];\n`).join("");
  return { text: `${kept}return function run(given) {\n${body}${moves.join("")}};`, objects };
}

function loopText({ size, before, lines }: Loop): string {
  const text = lines.map(({ text, place }) =>
    place?.array ? `${text} ${place.array}[i] = ${place.text};` : text,
  );
  return `${before.join("")}for (let i = 0; i < ${size}; i++) {\n${text.join("\n")}\n}\n`;
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
    operators[op].value([{ shape, data: places }], attributes, to),
    (place) => place - 1,
  );
}
