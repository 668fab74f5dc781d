import { signed, unsigned } from "./leb128.js";

export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";
export const typeCode: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/** Appends instructions to a piece of code; an expression leaves one value on the stack. */
export type Expr = (code: Code) => void;

/** A local variable: `get` reads it. */
export interface Local {
  readonly index: number;
  readonly get: Expr;
}

/** The locals of one function. Parameters come first. */
export class Locals {
  readonly #types: ValueType[];
  readonly #parameters: number;

  constructor(parameters: readonly ValueType[]) {
    this.#types = [...parameters];
    this.#parameters = parameters.length;
  }

  local(type: ValueType): Local {
    return this.parameter(this.#types.push(type) - 1);
  }

  parameter(index: number): Local {
    return { index, get: (code) => code.op(0x20).u32(index) };
  }

  /** Their declaration, ahead of a function's instructions. */
  encode(): number[] {
    const groups: { type: ValueType; count: number }[] = [];
    for (const type of this.#types.slice(this.#parameters)) {
      const last = groups.at(-1);
      if (last?.type === type) last.count++;
      else groups.push({ type, count: 1 });
    }
    const bytes: number[] = [];
    unsigned(bytes, groups.length);
    for (const { type, count } of groups) {
      unsigned(bytes, count);
      bytes.push(typeCode[type]);
    }
    return bytes;
  }
}

/** A piece of a function's instructions. Pieces share the function's locals and are put together in any order. */
export class Code {
  readonly bytes: number[] = [];
  readonly locals: Locals;

  constructor(locals: Locals) {
    this.locals = locals;
  }

  /** Another, empty piece of the same function. */
  piece(): Code {
    return new Code(this.locals);
  }

  op(...bytes: number[]): this {
    for (const byte of bytes) this.bytes.push(byte);
    return this;
  }

  u32(value: number): this {
    unsigned(this.bytes, value);
    return this;
  }

  s64(value: bigint | number): this {
    signed(this.bytes, value);
    return this;
  }

  append(code: Code): this {
    for (const byte of code.bytes) this.bytes.push(byte);
    return this;
  }

  /** Evaluates expressions, each leaving its value on the stack. */
  eval(...list: readonly Expr[]): this {
    for (const expr of list) expr(this);
    return this;
  }

  set(local: Local, value: Expr): this {
    value(this);
    return this.op(0x21).u32(local.index);
  }

  /** Evaluates for what it does besides. */
  drop(value: Expr): this {
    value(this);
    return this.op(0x1a);
  }

  /** Keeps a value in a new local. */
  keep(type: ValueType, value: Expr): Local {
    const local = this.locals.local(type);
    this.set(local, value);
    return local;
  }

  /** Runs `body` while it leaves a number other than 0 on the stack, at least once. */
  loop(body: (code: this) => void): this {
    this.op(0x03, 0x40);
    body(this);
    return this.op(0x0d, 0, 0x0b);
  }

  /** Runs `body` `count` times, `count` being 1 or more. */
  repeat(count: number | Local, body: (code: this) => void): this {
    if (count === 1) {
      body(this);
      return this;
    }
    const left = typeof count === "number" ? this.keep("i32", (c) => c.op(0x41).s64(count)) : count;
    return this.loop(() => {
      body(this);
      this.eval(left.get).op(0x41, 1, 0x6b, 0x22).u32(left.index);
    });
  }

  /** Runs `body` `count` times in all, in blocks of `size` of which the last may be shorter. */
  inBlocks(
    count: number,
    size: number,
    { begin, body, end }: Readonly<Record<"begin" | "body" | "end", (code: this) => void>>,
  ): this {
    const left = this.keep("i32", (c) => c.op(0x41).s64(count));
    const times = this.locals.local("i32");
    return this.loop(() => {
      this.set(times, (c) => {
        c.eval(left.get).op(0x41).s64(size);
        c.eval(left.get).op(0x41).s64(size).op(0x48, 0x1b);
      });
      this.eval(left.get, times.get).op(0x6b, 0x21).u32(left.index);
      begin(this);
      this.repeat(times, body);
      end(this);
      this.eval(left.get);
    });
  }

  /** Runs one of two pieces. */
  when(condition: Expr, yes: (code: this) => void, no?: (code: this) => void): this {
    condition(this);
    this.op(0x04, 0x40);
    yes(this);
    if (no) {
      this.op(0x05);
      no(this);
    }
    return this.op(0x0b);
  }
}
