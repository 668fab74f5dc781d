import { formatShape, ShapeError, sizeOf } from "../expr/shape.js";
import type { Operator } from "./operator.js";

export const concatenation = {
  concat: {
    shape: (inputs, { axis }) => {
      const [first] = inputs;
      const fits = inputs.every(
        (x) => x.length === first!.length && x.every((length, i) => i === axis || length === first![i]),
      );
      if (fits)
        return first!.map((length, i) => (i === axis ? inputs.reduce((n, x) => n + x[axis]!, 0) : length));
      throw new ShapeError(
        `concat: shapes ${inputs.map(formatShape).join(", ")} must agree on every axis but ${axis}.`,
      );
    },
    value(inputs, { axis }, shape) {
      const result = new Float64Array(sizeOf(shape));
      const before = sizeOf(shape.slice(0, axis));
      let end = 0;
      for (let i = 0; i < before; i++) {
        for (const { data } of inputs) {
          const length = data.length / before;
          result.set(data.subarray(i * length, (i + 1) * length), end);
          end += length;
        }
      }
      return result;
    },
    derivative(g, _, inputs, { axis }) {
      let start = 0;
      return inputs.map((x) => {
        const begin = x.shape.map((_, i) => (i === axis ? start : 0));
        start += x.shape[axis]!;
        return g.slice(begin, x.shape);
      });
    },
  } satisfies Operator<{ axis: number }>,
};
