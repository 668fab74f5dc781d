import type { Code, Expr, Local } from "../encode/code.js";
import { i32 } from "../encode/instructions.js";

/** A value that exists once the loops of the first `depth` axes are open. */
export interface Placed {
  readonly get: Expr;
  readonly depth: number;
}

/** The iterations of the first axis that a function runs, where it does not run all. */
export interface Range {
  readonly begin: Expr;
  readonly end: Expr;
}

const countOf = (code: Code, { begin, end }: Range): Local => code.keep("i32", i32.sub(end, begin));

/** Iterations of one axis in blocks of so many, with what runs around each block. */
interface Blocks {
  readonly size: number;
  readonly begin: Code;
  readonly end: Code;
}

/**
 * The pieces of nested loops. `before[d]` runs where the loops of the first d axes are open, before the next one opens,
 * `after[d]` when that has closed, and `next[d]` at the end of each of its iterations. What a block hands on to the next
 * is of no concern to the loop inside it, so that registers are free for what is.
 */
export class Nest {
  readonly before: readonly Code[];
  readonly after: readonly Code[];
  readonly next: readonly Code[];
  readonly #pointers = new Map<string, Placed>();
  readonly #blocks = new Map<number, Blocks>();
  readonly #range: Range | undefined;

  constructor(code: Code, depth: number, range?: Range) {
    this.#range = range;
    const pieces = () => Array.from({ length: depth + 1 }, () => code.piece());
    this.before = pieces();
    this.after = pieces();
    this.next = pieces();
  }

  /** start + Σ strides·index as an i32 that moves with the loops. */
  pointer(strides: readonly number[], start?: Local): Placed {
    const axis = strides.reduce((last, stride, i) => (stride === 0 ? last : i), -1);
    if (axis < 0) return { get: start ? start.get : i32.const(0), depth: 0 };
    const key = `${strides.slice(0, axis + 1)} ${start?.index}`;
    const known = this.#pointers.get(key);
    if (known) return known;
    const { get } = this.pointer(strides.slice(0, axis), start);
    const begin = axis === 0 && this.#range?.begin;
    const local = this.before[axis]!.keep(
      "i32",
      begin ? i32.add(get, i32.mul(begin, i32.const(strides[0]!))) : get,
    );
    this.next[axis]!.set(local, i32.add(local.get, i32.const(strides[axis]!)));
    const placed = { get: local.get, depth: axis + 1 };
    this.#pointers.set(key, placed);
    return placed;
  }

  /** What runs around blocks of at most `size` iterations over `axis`. */
  blocks(axis: number, size: number): Pick<Blocks, "begin" | "end"> {
    const {
      begin,
      end,
      size: other,
    } = this.#blocks.get(axis) ?? {
      begin: this.before[0]!.piece(),
      end: this.before[0]!.piece(),
      size,
    };
    this.#blocks.set(axis, { size: Math.min(size, other), begin, end });
    return { begin, end };
  }

  /** Takes in what another nest does around the loops of the first `axes` axes. */
  take(nest: Nest, axes: number): void {
    for (let axis = 0; axis < axes; axis++) {
      this.before[axis]!.append(nest.before[axis]!);
      this.after[axis]!.append(nest.after[axis]!);
      this.next[axis]!.append(nest.next[axis]!);
      const other = nest.#blocks.get(axis);
      if (!other) continue;
      const { begin, end } = this.blocks(axis, other.size);
      begin.append(other.begin);
      end.append(other.end);
    }
  }

  /** The loops over axes [from, from + lengths.length) around `inner`. */
  wrap(code: Code, lengths: readonly number[], from: number, inner: (code: Code) => void): void {
    if (lengths.length === 0) return inner(code);
    const [length, ...others] = lengths as [number, ...number[]];
    const blocks = this.#blocks.get(from);
    const body = () => {
      this.wrap(code, others, from + 1, inner);
      code.append(this.next[from]!);
    };
    code.append(this.before[from]!);
    if (length > 0) {
      const range = from === 0 ? this.#range : undefined;
      if (!blocks) code.repeat(range ? countOf(code, range) : length, body);
      else {
        const { size, begin, end } = blocks;
        code.inBlocks(length, size, { begin: (c) => c.append(begin), body, end: (c) => c.append(end) });
      }
    }
    code.append(this.after[from]!);
  }
}

/** Loops with pointers of their own: `visit` sees them at each index. The first may run over a range. */
export function forEachIndex(
  code: Code,
  lengths: readonly number[],
  pointers: readonly { readonly start: Expr; readonly strides: readonly number[] }[],
  visit: (code: Code, at: readonly Expr[]) => void,
  range?: Range,
): void {
  if (lengths.length === 0)
    return visit(
      code,
      pointers.map(({ start }) => start),
    );
  const locals = pointers.map(({ start, strides }) =>
    code.keep("i32", range ? i32.add(start, i32.mul(range.begin, i32.const(strides[0]!))) : start),
  );
  code.repeat(range ? countOf(code, range) : lengths[0]!, () => {
    const inner = pointers.map(({ strides }, i) => ({ start: locals[i]!.get, strides: strides.slice(1) }));
    forEachIndex(code, lengths.slice(1), inner, visit);
    for (const [i, { strides }] of pointers.entries()) {
      code.set(locals[i]!, i32.add(locals[i]!.get, i32.const(strides[0]!)));
    }
  });
}
