import { Code, Locals, typeCode, type ValueType } from "./code.js";
import { unsigned } from "./leb128.js";

/** A function inside a module. */
export interface FunctionRef {
  readonly index: number;
}

interface Signature {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/**
 * A WebAssembly module in the making: one imported memory, functions, some of them exported. With shared memory, one
 * imported global too: a number of the thread's own.
 */
export class ModuleWriter {
  readonly #signatures: string[] = [];
  readonly #functions: { type: number; locals: readonly number[]; code: readonly number[] }[] = [];
  readonly #exports: { name: string; index: number }[] = [];
  readonly #shared: boolean;

  constructor({ shared }: { readonly shared: boolean }) {
    this.#shared = shared;
  }

  /** Adds a function. `write` gets its code and parameters; what it leaves on the stack is the result. */
  func(
    parameters: readonly ValueType[],
    results: readonly ValueType[],
    write: (code: Code, ...parameters: readonly ReturnType<Locals["parameter"]>[]) => void,
  ): FunctionRef {
    const locals = new Locals(parameters);
    const code = new Code(locals);
    write(code, ...parameters.map((_, i) => locals.parameter(i)));
    const type = this.#typeOf({ parameters, results });
    // After `write`, which may add functions itself.
    this.#functions.push({ type, locals: locals.encode(), code: code.op(0x0b).bytes });
    return { index: this.#functions.length - 1 };
  }

  export(name: string, { index }: FunctionRef): void {
    this.#exports.push({ name, index });
  }

  encode(): Uint8Array<ArrayBuffer> {
    const parts: (readonly number[])[] = [[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]];
    const sizeOf = (list: readonly (readonly number[])[]) => list.reduce((sum, part) => sum + part.length, 0);
    /** `items` in pieces, so that none is copied but to its place. */
    const section = (id: number, count: number, pieces: readonly (readonly number[])[]) => {
      const head = number(count);
      parts.push([id, ...number(head.length + sizeOf(pieces))], head, ...pieces);
    };
    const number = (value: number) => {
      const encoded: number[] = [];
      unsigned(encoded, value);
      return encoded;
    };
    const limits = this.#shared ? [3, 0, ...number(65536)] : [0, 0];
    const each = (id: number, items: readonly (readonly number[])[]) => section(id, items.length, items);
    each(
      1,
      this.#signatures.map((signature) => [0x60, ...signature.split(",").map(Number)]),
    );
    const global = this.#shared ? [[...name("m"), ...name("g"), 3, typeCode.i32, 0]] : [];
    each(2, [[...name("m"), ...name("m"), 2, ...limits], ...global]);
    each(
      3,
      this.#functions.map(({ type }) => number(type)),
    );
    each(
      7,
      this.#exports.map(({ name: text, index }) => [...name(text), 0, ...number(index)]),
    );
    const bodies = this.#functions.flatMap(({ locals, code }) => [
      number(locals.length + code.length),
      locals,
      code,
    ]);
    section(10, this.#functions.length, bodies);
    const bytes = new Uint8Array(sizeOf(parts));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  #typeOf({ parameters, results }: Signature): number {
    const codes = (types: readonly ValueType[]) => [types.length, ...types.map((type) => typeCode[type])];
    const key = String([...codes(parameters), ...codes(results)]);
    const known = this.#signatures.indexOf(key);
    return known >= 0 ? known : this.#signatures.push(key) - 1;
  }
}

function name(text: string): number[] {
  return [text.length, ...[...text].map((letter) => letter.charCodeAt(0))];
}
