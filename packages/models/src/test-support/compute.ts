import {
  type Data,
  type Engine,
  type Floats,
  leaf,
  reference,
  type Shape,
  type Tensor,
  tensor,
} from "@downhill/core";

/** Values of a traced function of named inputs, in float64. */
export function compute<Out extends string>(
  inputs: Readonly<Record<string, Data>>,
  f: (inputs: Readonly<Record<string, Tensor>>) => Readonly<Record<Out, Tensor>>,
  engine: Engine<"sync"> = reference(),
): Readonly<Record<Out, Floats>> {
  const shapesOf = (x: Readonly<Record<string, { readonly shape: Shape }>>) =>
    Object.fromEntries(Object.entries(x).map(([name, { shape }]) => [name, shape]));
  const shapes = shapesOf(inputs);
  const traced = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, leaf("in", name, shape)]),
  );
  const outputs: Readonly<Record<string, Tensor>> = f(traced);
  const session = engine.open({ in: shapes, out: shapesOf(outputs) }, "float64");
  for (const [name, { data }] of Object.entries(inputs)) session.write("in", name, data);
  const writes = Object.entries(outputs).map(([name, value]) => ({ arena: "out", name, value }));
  session.load({ writes, hostScalars: [] }).run(new Float64Array(0));
  const values = Object.keys(outputs).map((name) => [name, session.read("out", name)]);
  session.dispose();
  return Object.fromEntries(values) as Readonly<Record<Out, Floats>>;
}

/** An array as JSON holds it. */
export interface Packed {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export function unpack({ data, shape }: Packed): Data<Float64Array> {
  return tensor(Float64Array.from(data), shape);
}

export function unpackAll<K extends string>(all: Readonly<Record<K, Packed>>): Record<K, Data<Float64Array>> {
  const unpacked = Object.entries<Packed>(all).map(([name, packed]) => [name, unpack(packed)]);
  return Object.fromEntries(unpacked) as Record<K, Data<Float64Array>>;
}

/** Numbers in a vector or, as rows, in a matrix. */
export function numbers(rows: readonly number[] | readonly (readonly number[])[]): Data<Float64Array> {
  const flat = rows.flat() as number[];
  return tensor(
    Float64Array.from(flat),
    Array.isArray(rows[0]) ? [rows.length, rows[0].length] : [rows.length],
  );
}

/** The largest difference of two lists, over the largest magnitude of the second. */
export function deviation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  let largest = 0;
  for (let i = 0; i < b.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
    largest = Math.max(largest, Math.abs(b[i]!));
  }
  return largest === 0 ? worst : worst / largest;
}
