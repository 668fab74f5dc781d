import type { Shape } from "../expr/shape.js";
import { type Data, tensor } from "../program/data.js";
import type { DType, Floats } from "../program/program.js";

type Arrays = Readonly<Record<string, Floats | Data>>;

/** Parameters in one form, with the dtype they share. */
export function asArrays(parameters: Arrays): { data: Record<string, Data>; dtype: DType } {
  const data: Record<string, Data> = {};
  const dtypes = new Set<DType>();
  for (const [name, given] of Object.entries(parameters)) {
    const shaped = typeof given === "object" && given !== null && "shape" in given;
    const values = shaped ? given.data : given;
    if (!(values instanceof Float32Array || values instanceof Float64Array)) {
      throw new TypeError(
        `bind: parameter "${name}" is ${String(given)}; expected a Float32Array, a Float64Array or tensor(values, shape).`,
      );
    }
    data[name] = shaped ? tensor(values, given.shape) : tensor(values);
    dtypes.add(values instanceof Float32Array ? "float32" : "float64");
  }
  const [dtype, other] = dtypes;
  if (dtype === undefined) throw new Error("bind: no parameters were given; expected at least one.");
  if (other === undefined) return { data, dtype };
  throw new TypeError("bind: parameters mix Float32Array and Float64Array; expected one of them for all.");
}

/** Values in the form in which a parameter was given. */
export function likeGiven(given: Floats | Data, values: Floats, shape: Shape): Floats | Data {
  return "shape" in given ? { data: values, shape } : values;
}
