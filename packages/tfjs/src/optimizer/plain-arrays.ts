import { type Vector, vector } from "@downhill/core";

type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** A method's state as plain data without arrays of numbers, and those, to which it refers by their place. */
export interface Packed {
  readonly json: Plain;
  readonly arrays: readonly (Float64Array | Float32Array)[];
}

const isVector = (x: object): x is Vector => "dot" in x && "data" in x && x.data instanceof Float64Array;

/** Takes a method's state apart: numbers, texts, arrays, records, vectors and typed arrays. */
export function packState(owner: string, state: unknown): Packed {
  const arrays: (Float64Array | Float32Array)[] = [];
  const pack = (x: unknown, place: string): Plain => {
    if (x === null || ["number", "boolean", "string"].includes(typeof x)) return x as Plain;
    if (typeof x !== "object")
      throw new TypeError(`${owner}: "${place}" is a ${typeof x}, which cannot be saved.`);
    if (isVector(x)) return { "~vector": arrays.push(x.data) - 1 };
    if (x instanceof Float64Array || x instanceof Float32Array) return { "~array": arrays.push(x) - 1 };
    if (Array.isArray(x)) return x.map((item, i) => pack(item, `${place}/${i}`));
    const entries = Object.entries(x).filter(([, item]) => item !== undefined);
    return Object.fromEntries(entries.map(([key, item]) => [key, pack(item, `${place}/${key}`)]));
  };
  return { json: pack(state, "state"), arrays };
}

/** Puts it together again. */
export function unpackState({ json, arrays }: Packed): unknown {
  const unpack = (x: Plain): unknown => {
    if (typeof x !== "object" || x === null) return x;
    if (Array.isArray(x)) return x.map(unpack);
    const { "~vector": vectorAt, "~array": at } = x as Record<string, Plain>;
    if (vectorAt !== undefined) return vector(arrays[vectorAt as number] as Float64Array);
    if (at !== undefined) return arrays[at as number];
    return Object.fromEntries(Object.entries(x).map(([key, item]) => [key, unpack(item)]));
  };
  return unpack(json);
}
