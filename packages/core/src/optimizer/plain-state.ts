import { type Vector, vector } from "./method.js";

/** A vector as plain data. */
interface PlainVector {
  readonly "~vector": Float64Array;
}

/**
 * Copies a method's state into plain data, which structuredClone and workers take: numbers, texts, arrays, records and
 * typed arrays as they are, vectors as `{ "~vector": Float64Array }`. Throws for anything else, with its place.
 */
export function toPlainState(owner: string, state: unknown, place = "state"): unknown {
  return copyState(state, place, (x, at) => {
    if (isVector(x)) return { "~vector": x.data.slice() } satisfies PlainVector;
    throw new TypeError(
      `${owner}: "${at}" is ${typeof x === "function" ? "a function" : "an object with methods"}, which cannot be ` +
        "saved. State is made of numbers, texts, vectors, typed arrays, arrays and records.",
    );
  });
}

/** Puts a method's state together again, copied. Throws unless its vectors have the length given, as all of them do. */
export function fromPlainState(owner: string, state: unknown, length: number): unknown {
  return copyState(state, "state", (x, at) => {
    const data = (x as Partial<PlainVector>)["~vector"];
    if (data instanceof Float64Array && data.length === length) return vector(data.slice());
    const found = data instanceof Float64Array ? `a vector of ${data.length} numbers` : "no saved vector";
    throw new Error(`${owner}: the saved "${at}" is ${found}; expected a vector of ${length} numbers.`);
  });
}

/** A deep copy of plain data; what is none, or says that it is a vector, goes through `convert`. */
function copyState(x: unknown, place: string, convert: (x: object, place: string) => unknown): unknown {
  if (typeof x === "function") return convert(x, place);
  if (typeof x !== "object" || x === null) return x;
  if (x instanceof Float32Array || x instanceof Float64Array) return x.slice();
  if (Array.isArray(x)) return x.map((item, i) => copyState(item, `${place}/${i}`, convert));
  const prototype = Object.getPrototypeOf(x) as unknown;
  const plain = prototype === null || Object.getPrototypeOf(prototype) === null;
  if (!plain || isVector(x) || "~vector" in x) return convert(x, place);
  return Object.fromEntries(
    Object.entries(x).map(([key, item]) => [key, copyState(item, `${place}/${key}`, convert)]),
  );
}

const isVector = (x: object): x is Vector =>
  "dot" in x && typeof x.dot === "function" && "data" in x && x.data instanceof Float64Array;
