import { type Vector, vector } from "@downhill/core";

/** A method's state as text without arrays of numbers, and those, to which it refers by their place. */
export interface Packed {
  readonly json: string;
  readonly arrays: readonly (Float64Array | Float32Array)[];
}

const isVector = (x: object): x is Vector => "dot" in x && "data" in x && x.data instanceof Float64Array;

/** Takes a method's state apart: numbers, texts, arrays, records, vectors and typed arrays. */
export function packState(owner: string, state: unknown): Packed {
  const arrays: (Float64Array | Float32Array)[] = [];
  const json = toJson(state, (x, place) => {
    if (typeof x === "function")
      throw new TypeError(`${owner}: "${place}" is a function, which cannot be saved.`);
    if (typeof x !== "object" || x === null) return x;
    if (isVector(x)) return { "~vector": arrays.push(x.data) - 1 };
    return x instanceof Float64Array || x instanceof Float32Array ? { "~array": arrays.push(x) - 1 } : x;
  });
  return { json, arrays };
}

/** Puts it together again. */
export function unpackState({ json, arrays }: Packed): unknown {
  return fromJson(json, (x) => {
    if ("~vector" in x) return vector(arrays[x["~vector"] as number] as Float64Array);
    return "~array" in x ? arrays[x["~array"] as number] : x;
  });
}

/** JSON, which has no infinities, no NaN and no -0, with these as records. */
export function toJson(given: unknown, convert = (x: unknown, _place: string) => x): string {
  return JSON.stringify(given, (place, x) =>
    typeof x === "number" && (!Number.isFinite(x) || Object.is(x, -0))
      ? { "~number": Object.is(x, -0) ? "-0" : String(x) }
      : convert(x, place),
  );
}

export function fromJson(json: string, convert = (x: object & Record<string, unknown>): unknown => x): any {
  return JSON.parse(json, (_, x) => {
    if (typeof x !== "object" || x === null) return x;
    return "~number" in x ? Number(x["~number"]) : convert(x);
  });
}
