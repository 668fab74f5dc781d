import { sizeOf, type Tensor } from "@downhill/core";
import { type ElementwisePrimitive, operators } from "@downhill/core/engine";
import type { Dialect, Expression } from "../shader/dialect.js";

/** Where a kernel's values come from, by the name that its code uses. */
export interface Sources {
  /** The number at an index of a texture. */
  texture(node: Tensor, index: string): string;
  /** A scalar that the host knows. */
  host(node: Tensor): string;
  /** The two words of a key of random numbers. */
  key(node: Tensor, text: string): readonly [string, string];
  isHost(node: Tensor): boolean;
  isTexture(node: Tensor): boolean;
}

/** Code for single elements of expressions: each value at each index once. */
export class Emitter {
  readonly lines: string[] = [];
  readonly #dialect: Dialect;
  readonly #type: string;
  readonly #sources: Sources;
  readonly #known = new Map<Tensor, Map<string, Expression>>();
  #count = 0;

  constructor(dialect: Dialect, type: "float" | "vec4", sources: Sources) {
    this.#dialect = dialect;
    this.#type = type;
    this.#sources = sources;
  }

  /** The value of `node` at an index that counts through its elements in row-major order. */
  value(node: Tensor, index: string): Expression {
    const known = this.#known.get(node) ?? new Map<string, Expression>();
    this.#known.set(node, known);
    const found = known.get(index) ?? this.#make(node, index);
    known.set(index, found);
    return found;
  }

  /** The value whose texture the kernel makes: computed, not read, unless it is a slot's. */
  root(node: Tensor, index: string): Expression {
    const computed = node.op !== "leaf" && !this.#sources.isHost(node);
    return computed ? this.#compute(node, index) : this.value(node, index);
  }

  #make(node: Tensor, index: string): Expression {
    if (node.op === "constant") return { text: this.#dialect.literal(node.attributes.value as number) };
    if (this.#sources.isHost(node)) return this.#keep({ text: this.#sources.host(node) });
    if (this.#sources.isTexture(node)) return this.#keep({ text: this.#sources.texture(node, index) });
    return this.#compute(node, index);
  }

  #compute(node: Tensor, index: string): Expression {
    const { op, inputs, attributes, shape } = node;
    const [x] = inputs;
    switch (op) {
      case "reshape":
        return this.value(x!, index);
      case "broadcastTo": {
        const ahead = shape.length - x!.shape.length;
        const from = stridesOf(x!.shape);
        const strides = shape.map((_, axis) =>
          axis < ahead || x!.shape[axis - ahead] === 1 ? 0 : from[axis - ahead]!,
        );
        return this.value(x!, this.#view(index, shape, 0, strides));
      }
      case "transpose": {
        const from = stridesOf(x!.shape);
        const strides = (attributes.order as readonly number[]).map((axis) => from[axis]!);
        return this.value(x!, this.#view(index, shape, 0, strides));
      }
      case "slice": {
        const from = stridesOf(x!.shape);
        const begin = attributes.begin as readonly number[];
        const offset = begin.reduce((sum, at, axis) => sum + at * from[axis]!, 0);
        return this.value(x!, this.#view(index, shape, offset, from));
      }
      case "iota": {
        const axis = attributes.axis as number;
        const strides = shape.map((_, at) => (at === axis ? 1 : 0));
        return this.#keep({ text: `float(${this.#view(index, shape, 0, strides)})` });
      }
      case "uniform": {
        const [low, high] = this.#sources.key(x!, this.value(x!, "0").text);
        const stream = `${attributes.stream as number}u`;
        return this.#keep({ text: `d_uniform32(${low}, ${high}, ${stream}, uint(${index}))` });
      }
      case "pad":
        return this.#part(x!, shape, attributes.before as readonly number[], index).within("0.0", this);
      case "concat": {
        const axis = attributes.axis as number;
        let start = 0;
        let result: string | undefined;
        for (const input of inputs) {
          const before = shape.map((_, at) => (at === axis ? start : 0));
          start += input.shape[axis]!;
          if (sizeOf(input.shape) === 0) continue;
          const part = this.#part(input, shape, before, index);
          result = (result === undefined ? this.value(input, part.index) : part.within(result, this)).text;
        }
        return { text: result ?? "0.0" };
      }
      case "gather": {
        const axis = attributes.axis as number;
        const [source, indices] = inputs as [Tensor, Tensor];
        const length = source.shape[axis]!;
        const after = sizeOf(source.shape.slice(axis + 1));
        const count = sizeOf(indices.shape);
        const at = this.value(indices, this.#int(`(${index} / ${after}) % ${count}`)).text;
        const valid = this.#condition(`${at} >= 0.0 && ${at} < ${length}.0 && floor(${at}) == ${at}`);
        const found = this.#int(`int(select(0.0, ${at}, ${valid}))`);
        const from = this.#int(
          `(${index} / ${count * after} * ${length} + ${found}) * ${after} + ${index} % ${after}`,
        );
        return this.#keep({ text: `select(d_nan(), ${this.value(source, from).text}, ${valid})` });
      }
      default: {
        if (!operators[op].scalar) throw new Error(`A kernel cannot compute ${op} in place.`);
        const from = inputs.map((input) => this.value(input, index));
        return this.#keep(this.#dialect.spelling[op as ElementwisePrimitive](...from));
      }
    }
  }

  /** Where `input`, of which a tensor of `shape` has a copy that begins at `before`, is read for an index of that. */
  #part(input: Tensor, shape: readonly number[], before: readonly number[], index: string) {
    const from = stridesOf(input.shape);
    const terms: string[] = [];
    const conditions: string[] = [];
    coordinates(index, shape).forEach((coordinate, axis) => {
      const [length, start] = [input.shape[axis]!, before[axis]!];
      if (length === shape[axis]) {
        if (coordinate !== "0" && from[axis] !== 0) terms.push(`${coordinate} * ${from[axis]}`);
        return;
      }
      const inside = this.#int(`${coordinate} - ${start}`);
      conditions.push(`${inside} >= 0 && ${inside} < ${length}`);
      terms.push(`clamp(${inside}, 0, ${length - 1}) * ${from[axis]}`);
    });
    const place = this.#int(terms.join(" + ") || "0");
    return {
      index: place,
      within(otherwise: string, emitter: Emitter): Expression {
        if (sizeOf(input.shape) === 0) return { text: otherwise };
        const value = emitter.value(input, place).text;
        if (conditions.length === 0) return { text: value };
        return emitter.#keep({ text: `select(${otherwise}, ${value}, ${conditions.join(" && ")})` });
      },
    };
  }

  /** The index, in storage of these strides, of the element with a row-major index in `shape`. */
  #view(index: string, shape: readonly number[], offset: number, strides: readonly number[]): string {
    const own = stridesOf(shape);
    if (offset === 0 && strides.every((stride, axis) => stride === own[axis] || shape[axis] === 1))
      return index;
    const places = coordinates(index, shape);
    const terms = strides.flatMap((stride, axis) =>
      stride === 0 || shape[axis] === 1 ? [] : [`${places[axis]} * ${stride}`],
    );
    if (offset !== 0 || terms.length === 0) terms.push(String(offset));
    return terms.length === 1 && terms[0] === "0" ? "0" : this.#int(terms.join(" + "));
  }

  #int(code: string): string {
    const name = `j${this.#count++}`;
    this.lines.push(`int ${name} = ${code};`);
    return name;
  }

  #condition(code: string): string {
    const name = `c${this.#count++}`;
    this.lines.push(`bool ${name} = ${code};`);
    return name;
  }

  #keep(value: Expression): Expression {
    const name = `v${this.#count++}`;
    this.lines.push(`${this.#type} ${name} = ${value.text};`);
    return value.condition === undefined ? { text: name } : { ...value, text: name };
  }
}

/** Row-major strides. */
export function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

/** Indices along each axis. */
export function coordinates(index: string, shape: readonly number[]): string[] {
  return shape.map((length, axis) => {
    if (length === 1) return "0";
    const after = sizeOf(shape.slice(axis + 1));
    const whole = sizeOf(shape.slice(0, axis)) === 1;
    const divided = after === 1 ? index : `${index} / ${after}`;
    return whole ? `(${divided})` : `((${divided}) % ${length})`;
  });
}
