import type { Instruction, LoopStep, Segment } from "../../program/plan.js";
import { condition, literal, spell } from "./elementwise.js";

/** What a step's code needs to know of the function around it. */
export interface Context {
  /** Reserves numbers of the workspace `w`, in float64, for the time of one step. */
  readonly reserve: (count: number) => number;
  /** A name that nothing else has. */
  readonly unique: (prefix: string) => string;
  /** Whether memory rounds to float32. */
  readonly rounds: boolean;
  /** Where values of the host and device scalars are. */
  readonly host: (index: number) => string;
  readonly scalar: (index: number) => string;
}

const identity = { sum: "0", prod: "1", max: "-Infinity", min: "Infinity" };

/** `accumulator` with `value` taken in. */
function combine(by: keyof typeof identity, accumulator: string, value: string): string {
  if (by === "sum") return `${accumulator} + ${value}`;
  if (by === "prod") return `${accumulator} * ${value}`;
  return `Math.${by}(${accumulator}, ${value})`;
}

/** Code before and after what is inside it. */
interface Around {
  readonly before: string[];
  readonly after: string[];
}

/**
 * Where code goes, as far out as it can. At depth d the loops of the first d axes are open: `depths[d]` is around the
 * next loop, or, at the deepest, all there is. `blocks[axis]` is around each block of iterations of a long loop.
 */
interface Nest {
  readonly depths: readonly Around[];
  readonly blocks: readonly Around[];
}

const around = (count: number): Around[] => Array.from({ length: count }, () => ({ before: [], after: [] }));

/** Nested loops over the rows, for each row the segments' own. */
export function emitLoops(step: LoopStep, context: Context): string {
  const rows = step.rows.length;
  const outer: Nest = { depths: around(rows + 1), blocks: around(rows) };
  const values: Value[] = [];
  const rounded = context.rounds ? roundedValues(step) : new Set<number>();
  for (const segment of step.segments) {
    const { depths, blocks } = emitSegment(step, segment, values, rounded, context);
    const pass = (to: Around, from: Around) => {
      to.before.push(...from.before);
      to.after.push(...from.after);
    };
    for (let depth = 0; depth < rows; depth++) {
      pass(outer.depths[depth]!, depths[depth]!);
      pass(outer.blocks[depth]!, blocks[depth]!);
    }
    const inner = nest(segment.inner, rows, { depths: depths.slice(rows), blocks: blocks.slice(rows) });
    outer.depths[rows]!.before.push(inner);
  }
  return nest(step.rows, 0, outer);
}

/** Loops over `shape`, whose first axis is the nest's axis number `from`. */
function nest(shape: readonly number[], from: number, { depths, blocks }: Nest): string {
  const { before, after } = depths[shape.length]!;
  let code = [...before, ...after].join("");
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const { before, after } = depths[axis]!;
    code = [...before, loop(`i${from + axis}`, shape[axis]!, code, blocks[axis]!), ...after].join("");
  }
  return code;
}

/** Loops of so few iterations are written out. */
const UNROLLED = 4;

/** Sums of more terms are sums of sums of so many, so that what rounding takes from them does not grow. */
const BLOCK = 1024;

function loop(index: string, length: number, body: string, { before, after }: Around): string {
  if (before.length > 0) {
    const [start, end] = [`${index}s`, `${index}e`];
    const inside = `for (let ${index} = ${start}; ${index} < ${end}; ${index}++) {\n${body}}\n`;
    const limit = `const ${end} = ${start} + ${BLOCK} < ${length} ? ${start} + ${BLOCK} : ${length};\n`;
    const block = [limit, ...before, inside, ...after].join("");
    return `for (let ${start} = 0; ${start} < ${length}; ${start} += ${BLOCK}) {\n${block}}\n`;
  }
  if (length > UNROLLED) return `for (let ${index} = 0; ${index} < ${length}; ${index}++) {\n${body}}\n`;
  return Array.from({ length }, (_, at) => `{\nconst ${index} = ${at};\n${body}}\n`).join("");
}

/** A value's source text, and the number of loops that must be open to have it. */
interface Value {
  readonly text: string;
  readonly depth: number;
  /** Of a comparison: what it asks. */
  readonly condition?: string;
}

/**
 * Values that are stored and that a comparison of this step depends on. They are rounded where they are computed, so
 * that they are the same number for whoever loads them: the largest element must be equal to itself.
 */
function roundedValues({ segments }: LoopStep): Set<number> {
  const body = segments.flatMap((segment) => segment.body);
  const compared = new Set<number>();
  for (let value = body.length - 1; value >= 0; value--) {
    const instruction = body[value]!;
    if (!("inputs" in instruction)) continue;
    const { op, inputs } = instruction;
    const compares =
      ["lt", "le", "eq", "sign", "floor"].includes(op) || (op === "reduce" && instruction.by !== "sum");
    for (const input of inputs) if (compares || compared.has(value)) compared.add(input);
    if (op === "where") compared.add(inputs[0]!);
  }
  const stored = segments.flatMap((segment) => segment.stores.map((store) => store.value));
  return new Set(stored.filter((value) => compared.has(value)));
}

function emitSegment(
  step: LoopStep,
  segment: Segment,
  values: Value[],
  rounded: ReadonlySet<number>,
  context: Context,
): Nest {
  const lengths = [...step.rows, ...segment.inner];
  const deepest = lengths.length;
  const depths = around(deepest + 1);
  const blocks = around(deepest);
  const pointers = new Map<string, Value>();

  /** Σ strides·index, each part computed in the outermost loop that knows it. */
  const pointer = (strides: readonly number[]): Value => {
    const axis = strides.reduce((last, stride, i) => (stride === 0 ? last : i), -1);
    if (axis < 0) return { text: "", depth: 0 };
    const key = String(strides.slice(0, axis + 1));
    const known = pointers.get(key);
    if (known) return known;
    const outer = pointer(strides.slice(0, axis));
    const part = strides[axis] === 1 ? `i${axis}` : `i${axis} * ${strides[axis]}`;
    let text = part;
    if (outer.text || part.length > 3) {
      text = context.unique("p");
      depths[axis + 1]!.before.push(
        `const ${text} = (${outer.text ? `${outer.text} + ` : ""}${part}) | 0;\n`,
      );
    }
    const value = { text, depth: axis + 1 };
    pointers.set(key, value);
    return value;
  };
  const index = (offset: number, strides: readonly number[]): Value => {
    const { text, depth } = pointer(strides);
    if (text === "") return { text: String(offset), depth };
    return { text: offset === 0 ? text : `(${text} + ${offset}) | 0`, depth };
  };

  /** Reductions that keep an axis inside one they lose need an accumulator for each index of those. */
  const accumulators = new Map<number, { base: number; kept: number[]; strides: number[]; depth: number }>();

  const define = (text: string, depth: number, asks?: string): void => {
    const name = `v${values.length}`;
    depths[depth]!.before.push(`const ${name} = ${text};\n`);
    values.push({ text: name, depth, ...(asks && { condition: asks }) });
  };
  const emit = (instruction: Instruction): void => {
    switch (instruction.op) {
      case "constant":
        values.push({ text: literal(instruction.value), depth: 0 });
        return;
      case "host":
        return define(context.host(instruction.index), 0);
      case "scalar":
        return define(context.scalar(instruction.index), 0);
      case "load": {
        const { text, depth } = index(instruction.access.offset, instruction.access.strides);
        const known = instruction.access.perRow ? Math.max(depth, step.rows.length) : depth;
        return define(`b${instruction.access.buffer}[${text}]`, known);
      }
      case "index": {
        const { text, depth } = index(instruction.offset, instruction.strides);
        return define(text, depth);
      }
      case "uniform": {
        const { text, depth } = index(instruction.offset, instruction.strides);
        const key = values[instruction.inputs[0]]!;
        const uniform = `(w[0] = ${key.text}, uniform32(${instruction.stream}, ${text}), w[0])`;
        return define(uniform, Math.max(depth, key.depth));
      }
      case "reduce":
        return reduce(instruction);
      default: {
        const inputs = instruction.inputs.map((input) => values[input]!);
        const depth = Math.max(0, ...inputs.map((input) => input.depth));
        const [x, y, z] = inputs.map((input) => input.text);
        const asked = instruction.op === "where" ? inputs[0]!.condition : undefined;
        const exact = asked
          ? `${asked} ? ${y} : ${z}`
          : spell(
              instruction.op,
              inputs.map((input) => input.text),
            );
        const text = rounded.has(values.length) ? `Math.fround(${exact})` : exact;
        return define(text, depth, condition(instruction.op, x!, y!));
      }
    }
  };

  const reduce = ({ by, inputs, axes }: Instruction & { op: "reduce" }): void => {
    const input = values[inputs[0]]!;
    if (axes.length === 0) {
      values.push(input);
      return;
    }
    const first = Math.min(...axes);
    const kept = lengths.map((_, axis) => axis).filter((axis) => axis > first && !axes.includes(axis));
    const depth = Math.max(input.depth, 1 + Math.max(...axes, ...kept));
    const name = `v${values.length}`;
    if (kept.length === 0) {
      const places = axes.flatMap((axis) => [
        depths[axis]!,
        ...(lengths[axis]! > BLOCK ? [blocks[axis]!] : []),
      ]);
      const levels = by === "sum" ? places : [depths[first]!];
      levels.forEach(({ before, after }, level) => {
        before.push(`let ${name}${suffix(level)} = ${identity[by]};\n`);
        if (level > 0) after.push(`${name}${suffix(level - 1)} += ${name}${suffix(level)};\n`);
      });
      if (rounded.has(values.length)) depths[first]!.after.push(`${name} = Math.fround(${name});\n`);
      const innermost = `${name}${suffix(levels.length - 1)}`;
      depths[depth]!.before.push(`${innermost} = ${combine(by, innermost, input.text)};\n`);
    } else {
      const size = kept.reduce((product, axis) => product * lengths[axis]!, 1);
      const base = context.reserve(size);
      const strides = lengths.map(() => 0);
      let stride = 1;
      for (const axis of [...kept].reverse()) {
        strides[axis] = stride;
        stride *= lengths[axis]!;
      }
      accumulators.set(values.length, { base, kept, strides, depth: first });
      depths[first]!.before.push(`for (let i = ${base}; i < ${base + size}; i++) w[i] = ${identity[by]};\n`);
      const place = `w[${index(base, strides).text}]`;
      depths[depth]!.before.push(`${place} = ${combine(by, place, input.text)};\n`);
    }
    values.push({ text: name, depth: first });
  };

  const first = values.length;
  segment.body.forEach(emit);
  for (const { value, access } of segment.stores) {
    const accumulator = accumulators.get(value);
    if (accumulator) {
      depths[accumulator.depth]!.after.push(unload(lengths, accumulator, access));
    } else if (segment.body[value - first]?.op === "reduce") {
      const { text, depth } = values[value]!;
      depths[depth]!.after.push(
        `b${access.buffer}[${flatIndex(access.offset, access.strides)}] = ${text};\n`,
      );
    } else {
      depths[deepest]!.before.push(
        `b${access.buffer}[${index(access.offset, access.strides).text}] = ${values[value]!.text};\n`,
      );
    }
  }
  for (const { value, scalar, add } of segment.totals) {
    depths[0]!.after.push(`${context.scalar(scalar)} ${add ? "+=" : "="} ${values[value]!.text};\n`);
  }
  return { depths, blocks };
}

/** Tells a sum's partial sums apart; the whole has none. */
const suffix = (level: number) => "_".repeat(level);

function flatIndex(offset: number, strides: readonly number[]): string {
  const parts = strides.flatMap((stride, axis) => (stride === 0 ? [] : [`i${axis} * ${stride}`]));
  return [...parts, offset].join(" + ");
}

/** Accumulators to memory, in loops of their own. */
function unload(
  lengths: readonly number[],
  { base, kept, strides }: { base: number; kept: readonly number[]; strides: readonly number[] },
  access: { buffer: number; offset: number; strides: readonly number[] },
): string {
  let code = `b${access.buffer}[${flatIndex(access.offset, access.strides)}] = w[${flatIndex(base, strides)}];\n`;
  for (const axis of [...kept].reverse()) {
    code = `for (let i${axis} = 0; i${axis} < ${lengths[axis]}; i${axis}++) ${code}`;
  }
  return code;
}
