import type { Shape } from "../expr/shape.js";
import { type Data, tensor } from "../program/data.js";
import type { Floats } from "../program/program.js";

/** Where a parameter starts: a number, numbers, or numbers with a shape. */
export type Start = number | readonly number[] | Floats | Data;

/** Parameters as they come back: in the form in which they were given. */
export type Given<V> = V extends number
  ? number
  : V extends Data<infer A>
    ? Data<A>
    : V extends Float32Array
      ? Float32Array
      : V extends Float64Array
        ? Float64Array
        : number[];
export type Parameters_<P> = { readonly [K in keyof P]: Given<P[K]> };

/** A start in one form. */
export function asData(name: string, start: Start): Data {
  const data = toData(start);
  if (data === undefined) {
    throw new TypeError(
      `start: parameter "${name}" is ${String(start)}; expected a number, an array of numbers, ` +
        "a Float32Array or Float64Array, or tensor(values, shape).",
    );
  }
  const bad = data.data.findIndex((x) => !Number.isFinite(x));
  if (bad < 0) return data;
  throw new RangeError(
    `start: parameter "${name}" has ${data.data[bad]} at element ${bad}; expected finite numbers.`,
  );
}

function toData(start: Start): Data | undefined {
  if (typeof start === "number") return tensor(Float64Array.of(start), []);
  if (isFloats(start)) return tensor(start);
  if (Array.isArray(start)) {
    return start.every((x) => typeof x === "number") ? tensor(Float64Array.from(start)) : undefined;
  }
  const { data, shape } = Object(start);
  return isFloats(data) ? tensor(data, shape) : undefined;
}

const isFloats = (start: unknown): start is Floats =>
  start instanceof Float32Array || start instanceof Float64Array;

/** Numbers in the form of the start they belong to. */
export function likeStart(start: Start, values: Floats, shape: Shape): Given<Start> {
  if (typeof start === "number") return values[0]!;
  if (Array.isArray(start)) return Array.from(values);
  const form = isFloats(start) ? start : (start as Data).data;
  const copy = form instanceof Float32Array ? Float32Array.from(values) : Float64Array.from(values);
  return isFloats(start) ? copy : tensor(copy, shape);
}
