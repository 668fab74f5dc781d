import type { Data, Shape } from "@downhill/core";
import type { Batch, Dataset, Supervised } from "@downhill/core/train";

/** A dataset of these columns, in batches that reuse their memory, as a dataset may. */
export function dataset(columns: Supervised): Dataset<Supervised> {
  const rows = columns.x.shape[0]!;
  const shapes = Object.entries(columns).map(([name, { shape }]) => [name, shape.slice(1)] as const);
  return {
    rows,
    info: { name: "rows", features: [], target: "y" },
    columns: Object.fromEntries(shapes) as unknown as { x: Shape; y: Shape },
    fingerprint: "",
    *batches({ size }) {
      const buffers = new Map<string, Float64Array>();
      for (let start = 0; start < rows; start += size) {
        const part = ([name, { data, shape }]: [string, Data]): [string, Data] => {
          const width = data.length / rows;
          const count = Math.min(size, rows - start);
          if (!buffers.has(name)) buffers.set(name, new Float64Array(size * width));
          const values = buffers.get(name)!.subarray(0, count * width);
          values.set(data.subarray(start * width, (start + count) * width));
          return [name, { data: values, shape: [count, ...shape.slice(1)] }];
        };
        yield Object.fromEntries(Object.entries(columns as Batch).map(part)) as Supervised;
      }
    },
  };
}
