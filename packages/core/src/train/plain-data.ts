import { vector } from "../optimizer/method.js";
import type { Json } from "./events.js";
import type { StoredTensor } from "./safetensors.js";

type Floats = Float32Array | Float64Array;

/** Marks what JSON cannot say: `{ "~": "vector", "tensor": "learner/x" }`. */
const mark = "~";

/**
 * Takes plain data apart into JSON and tensors: numbers, texts, arrays and records, with typed arrays, vectors of
 * methods and `{ data, shape }` at any depth. Every bit of a number is kept. Throws for what is no plain data, with
 * its place.
 */
export function packPlain(value: unknown): {
  readonly json: Json;
  readonly tensors: Record<string, StoredTensor>;
} {
  const tensors: Record<string, StoredTensor> = {};
  const store = (place: string, kind: string, data: Floats, shape: readonly number[]): Json => {
    tensors[place] = { data, shape };
    return { [mark]: kind, tensor: place };
  };
  const pack = (x: unknown, place: string): Json => {
    if (x === null || typeof x === "string" || typeof x === "boolean") return x;
    if (typeof x === "number") {
      return Number.isFinite(x) && !Object.is(x, -0)
        ? x
        : { [mark]: "number", value: Object.is(x, -0) ? "-0" : String(x) };
    }
    if (x instanceof Float32Array || x instanceof Float64Array) return store(place, "array", x, [x.length]);
    if (Array.isArray(x)) return x.map((item, i) => pack(item, join(place, i)));
    if (typeof x === "object") {
      const { data, shape, dot } = x as { data?: unknown; shape?: unknown; dot?: unknown };
      if (data instanceof Float32Array || data instanceof Float64Array) {
        if (typeof dot === "function") return store(place, "vector", data, [data.length]);
        if (Array.isArray(shape)) return store(place, "data", data, shape as number[]);
      }
      const prototype = Object.getPrototypeOf(x) as unknown;
      const plain = prototype === null || Object.getPrototypeOf(prototype) === null;
      if (plain && !(mark in x)) {
        const entries = Object.entries(x).filter(([, item]) => item !== undefined);
        return Object.fromEntries(entries.map(([key, item]) => [key, pack(item, join(place, key))]));
      }
    }
    const what =
      typeof x === "object" ? `an object of ${x.constructor?.name ?? "another kind"}` : `a ${typeof x}`;
    throw new TypeError(
      `checkpoint: "${place}" is ${what}, which cannot be saved. State is made of numbers, texts, vectors, arrays and records.`,
    );
  };
  return { json: pack(value, ""), tensors };
}

const join = (place: string, key: string | number) => (place === "" ? String(key) : `${place}/${key}`);

/** Puts plain data together again. */
export function unpackPlain(json: Json, tensors: Readonly<Record<string, StoredTensor>>): unknown {
  if (json === null || typeof json !== "object") return json;
  if (Array.isArray(json)) return json.map((item: Json) => unpackPlain(item, tensors));
  const record = json as { readonly [key: string]: Json };
  const kind = record[mark];
  if (kind === undefined) {
    return Object.fromEntries(Object.entries(record).map(([key, item]) => [key, unpackPlain(item, tensors)]));
  }
  if (kind === "number") return Number(record.value);
  const { data, shape } = tensors[record.tensor as string] as { data: Floats; shape: readonly number[] };
  if (kind === "vector") return vector(data as Float64Array);
  return kind === "data" ? { data, shape } : data;
}
