import type { Code, Expr } from "../encode/code.js";
import { i32 } from "../encode/instructions.js";

/** A value that exists once the loops of the first `depth` axes are open. */
export interface Placed {
  readonly get: Expr;
  readonly depth: number;
}

/**
 * The pieces of nested loops. `before[d]` runs where the loops of the first d axes are open, before the next one opens,
 * `after[d]` when that has closed, and `next[d]` at the end of each of its iterations.
 */
export class Nest {
  readonly before: readonly Code[];
  readonly after: readonly Code[];
  readonly next: readonly Code[];
  readonly #pointers = new Map<string, Placed>();

  constructor(code: Code, depth: number) {
    const pieces = () => Array.from({ length: depth + 1 }, () => code.piece());
    this.before = pieces();
    this.after = pieces();
    this.next = pieces();
  }

  /** Σ strides·index as an i32 that moves with the loops. */
  pointer(strides: readonly number[]): Placed {
    const axis = strides.reduce((last, stride, i) => (stride === 0 ? last : i), -1);
    if (axis < 0) return { get: i32.const(0), depth: 0 };
    const key = String(strides.slice(0, axis + 1));
    const known = this.#pointers.get(key);
    if (known) return known;
    const outer = this.pointer(strides.slice(0, axis));
    const local = this.before[axis]!.keep("i32", outer.get);
    this.next[axis]!.set(local, i32.add(local.get, i32.const(strides[axis]!)));
    const placed = { get: local.get, depth: axis + 1 };
    this.#pointers.set(key, placed);
    return placed;
  }

  /** The loops over axes [from, from + lengths.length) around `inner`. */
  wrap(code: Code, lengths: readonly number[], from: number, inner: (code: Code) => void): void {
    if (lengths.length === 0) return inner(code);
    code.append(this.before[from]!);
    if (lengths[0]! > 0) {
      code.repeat(lengths[0]!, () => {
        this.wrap(code, lengths.slice(1), from + 1, inner);
        code.append(this.next[from]!);
      });
    }
    code.append(this.after[from]!);
  }
}

/** Loops with pointers of their own: `visit` sees them at each index. */
export function forEachIndex(
  code: Code,
  lengths: readonly number[],
  pointers: readonly { readonly start: Expr; readonly strides: readonly number[] }[],
  visit: (code: Code, at: readonly Expr[]) => void,
): void {
  if (lengths.length === 0)
    return visit(
      code,
      pointers.map(({ start }) => start),
    );
  const locals = pointers.map(({ start }) => code.keep("i32", start));
  code.repeat(lengths[0]!, () => {
    const inner = pointers.map(({ strides }, i) => ({ start: locals[i]!.get, strides: strides.slice(1) }));
    forEachIndex(code, lengths.slice(1), inner, visit);
    for (const [i, { strides }] of pointers.entries()) {
      code.set(locals[i]!, i32.add(locals[i]!.get, i32.const(strides[0]!)));
    }
  });
}
