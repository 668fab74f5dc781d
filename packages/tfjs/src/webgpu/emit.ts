import type { Access, Instruction, Plan } from "@downhill/core/engine";
import type { Expression } from "../shader/dialect.js";
import { packedWgsl, wgsl } from "../shader/wgsl.js";
import type { Memory } from "./memory.js";
import type { Names } from "./task.js";

/** Values of instructions by their number. */
export type Values = Map<number, Expression>;

/** Numbers that the host knows exactly: keys of random numbers have more digits than float32. */
type Known = Extract<Instruction, { op: "host" | "constant" }>;

/** What the code of a program's kernels needs to know. */
export interface Context {
  readonly memory: Memory;
  /** Device scalars that are values of the host. */
  readonly known: ReadonlyMap<number, Known>;
}

export function contextOf(plan: Plan, memory: Memory): Context {
  const known = new Map<number, Known>();
  for (const step of plan.steps) {
    if (step.kind !== "scalars") continue;
    for (const { scalar, instruction: x } of step.body) {
      if (x.op === "host" || x.op === "constant") known.set(scalar, x);
    }
  }
  return { memory, known };
}

/** Code of one iteration, or of four: values become constants of the shader, named by their number. */
export class Emitter {
  readonly lines: string[] = [];
  readonly #names: Names;
  readonly #context: Context;
  readonly #vectors: boolean;
  readonly #known = new Map<number, Known>();

  /** With `vectors`, a value is four of neighbouring iterations, the index being the number of the four. */
  constructor(names: Names, context: Context, vectors = false) {
    this.#names = names;
    this.#context = context;
    this.#vectors = vectors;
  }

  /** An element of memory, the index along each axis being what `indices` say. */
  element(access: Access, indices: readonly string[]): string {
    return this.#names.element(access.buffer, place(this.#offset(access, 1), access.strides, indices));
  }

  /** Where an iteration's value is stored. */
  target(access: Access, indices: readonly string[]): string {
    if (!this.#vectors) return this.element(access, indices);
    return this.#names.vector(access.buffer, place(this.#offset(access, 4), access.strides, indices));
  }

  /** Places in memory of ours differ between tasks that are otherwise the same. */
  #offset({ buffer, offset }: Access, unit: number): string {
    const { workspace, scalars } = this.#context.memory;
    const ours = buffer === workspace || buffer === scalars;
    return ours ? this.#names.parameter(offset / unit) : `${offset / unit}u`;
  }

  #spread(text: string): string {
    return this.#vectors ? `vec4<f32>(${text})` : text;
  }

  scalar(index: number): string {
    return this.element(this.#context.memory.scalar(index), []);
  }

  /** Emits an instruction whose inputs `values` has, and adds its value to them. */
  add(x: Instruction, number: number, values: Values, indices: readonly string[]): void {
    if (x.op === "host" || x.op === "constant") this.#known.set(number, x);
    if (x.op === "scalar" && this.#context.known.has(x.index)) {
      this.#known.set(number, this.#context.known.get(x.index)!);
    }
    const value = this.#value(x, values, indices);
    if (x.op === "constant" || x.op === "reduce") {
      values.set(number, value);
      return;
    }
    const name = `v${number}`;
    this.lines.push(`let ${name} = ${value.text};`);
    values.set(number, value.condition === undefined ? { text: name } : { ...value, text: name });
  }

  #value(x: Instruction, values: Values, indices: readonly string[]): Expression {
    const dialect = this.#vectors ? packedWgsl : wgsl;
    const of = (input: number) => values.get(input)!;
    switch (x.op) {
      case "constant":
        return { text: dialect.literal(x.value) };
      case "host":
        return { text: this.#spread(this.#names.host(x.index)) };
      case "scalar":
        return { text: this.#spread(this.scalar(x.index)) };
      case "load": {
        const same = x.access.strides.every((stride) => stride === 0);
        const text = same ? this.#spread(this.element(x.access, indices)) : this.target(x.access, indices);
        return { text };
      }
      case "index":
        return { text: this.#each(x, indices, (index) => `f32(${index})`) };
      case "reduce":
        // Over no axes; others are not for one iteration.
        return of(x.inputs[0]);
      case "uniform": {
        const { text } = of(x.inputs[0]);
        const [low, high] = this.#key(x.inputs[0], this.#vectors ? `${text}.x` : text);
        return {
          text: this.#each(x, indices, (index) => `d_uniform32(${low}, ${high}, ${x.stream}u, ${index})`),
        };
      }
      default:
        return dialect.spelling[x.op](...x.inputs.map(of));
    }
  }

  /** A value made of the iteration's own index, or of the four. */
  #each(
    { offset, strides }: { readonly offset: number; readonly strides: readonly number[] },
    indices: readonly string[],
    make: (index: string) => string,
  ): string {
    if (!this.#vectors) return make(place(`${offset}u`, strides, indices));
    const lanes = [0, 1, 2, 3].map((lane) =>
      make(place(`${offset}u`, strides, [`(4u * ${indices[0]} + ${lane}u)`])),
    );
    return `vec4<f32>(${lanes.join(", ")})`;
  }

  /** The two words of a key. */
  #key(number: number, text: string): readonly [string, string] {
    const known = this.#known.get(number);
    if (known === undefined) return [`d_keyLow(${text})`, `d_keyHigh(${text})`];
    if (known.op === "host") return this.#names.key(known.index);
    return [`${known.value >>> 0}u`, `${Math.floor(known.value / 2 ** 32)}u`];
  }
}

/** offset + Σ strides·indices. */
export function place(offset: string, strides: readonly number[], indices: readonly string[]): string {
  const parts = strides.flatMap((stride, axis) => {
    const index = indices[axis]!;
    if (stride === 0 || index === "0u") return [];
    return [stride === 1 ? index : `${index} * ${stride}u`];
  });
  if (offset !== "0u" || parts.length === 0) parts.push(offset);
  return parts.join(" + ");
}

/** Indices along axes of these lengths, as names, from a number that counts through all of them. */
export function indicesOf(
  flat: string,
  lengths: readonly number[],
  prefix: string,
  lines: string[],
): string[] {
  let after = lengths.reduce((a, b) => a * b, 1);
  return lengths.map((length, axis) => {
    const first = after === lengths.reduce((a, b) => a * b, 1);
    after /= length;
    if (length === 1) return "0u";
    const divided = after === 1 ? flat : `${flat} / ${after}u`;
    const index = first ? divided : `(${divided}) % ${length}u`;
    if (index === flat) return flat;
    lines.push(`let ${prefix}${axis} = ${index};`);
    return `${prefix}${axis}`;
  });
}
