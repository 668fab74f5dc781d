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
  readonly #functions: { type: number; body: number[] }[] = [];
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
    const body = [...locals.encode(), ...code.bytes, 0x0b];
    // After `write`, which may add functions itself.
    this.#functions.push({ type: this.#typeOf({ parameters, results }), body });
    return { index: this.#functions.length - 1 };
  }

  export(name: string, { index }: FunctionRef): void {
    this.#exports.push({ name, index });
  }

  encode(): Uint8Array<ArrayBuffer> {
    const bytes: number[] = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    const section = (id: number, items: readonly (readonly number[])[]) => {
      const content: number[] = [];
      unsigned(content, items.length);
      for (const item of items) for (const byte of item) content.push(byte);
      bytes.push(id);
      unsigned(bytes, content.length);
      for (const byte of content) bytes.push(byte);
    };
    const number = (value: number) => {
      const encoded: number[] = [];
      unsigned(encoded, value);
      return encoded;
    };
    const limits = this.#shared ? [3, 0, ...number(65536)] : [0, 0];
    section(
      1,
      this.#signatures.map((signature) => [0x60, ...signature.split(",").map(Number)]),
    );
    const global = this.#shared ? [[...name("m"), ...name("g"), 3, typeCode.i32, 0]] : [];
    section(2, [[...name("m"), ...name("m"), 2, ...limits], ...global]);
    section(
      3,
      this.#functions.map(({ type }) => number(type)),
    );
    section(
      7,
      this.#exports.map(({ name: text, index }) => [...name(text), 0, ...number(index)]),
    );
    section(
      10,
      this.#functions.map(({ body }) => [...number(body.length), ...body]),
    );
    return Uint8Array.from(bytes);
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
