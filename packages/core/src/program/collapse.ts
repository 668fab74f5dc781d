import type { Instruction, LoopStep, Segment } from "./plan.js";

/**
 * Makes one axis of two neighbours wherever every access runs through both with one stride: an elementwise kernel over
 * contiguous tensors becomes a single loop.
 */
export function collapse(step: LoopStep): LoopStep {
  let result = step;
  for (let axis = longest(step) - 2; axis >= 0; axis--) {
    const rows = result.rows.length;
    if (axis < rows - 1) {
      if (!result.segments.every((segment) => isOne(segment, axis, result.rows[axis + 1]!))) continue;
      const segments = result.segments.map((segment) => ({
        ...without(segment, axis),
        inner: segment.inner,
      }));
      result = { ...result, rows: joined(result.rows, axis), segments };
    } else if (axis >= rows) {
      const segments = result.segments.map((segment) => {
        const length = segment.inner[axis - rows + 1];
        if (length === undefined || !isOne(segment, axis, length)) return segment;
        return { ...without(segment, axis), inner: joined(segment.inner, axis - rows) };
      });
      result = { ...result, segments };
    }
  }
  return result;
}

const longest = ({ rows, segments }: LoopStep) =>
  rows.length + Math.max(...segments.map((segment) => segment.inner.length));

const joined = (shape: readonly number[], axis: number) => [
  ...shape.slice(0, axis),
  shape[axis]! * shape[axis + 1]!,
  ...shape.slice(axis + 2),
];

function isOne({ body, stores }: Segment, axis: number, length: number): boolean {
  const runs = (strides: readonly number[]) => strides[axis] === strides[axis + 1]! * length;
  return (
    stores.every(({ access }) => runs(access.strides)) &&
    body.every((x) => {
      if (x.op === "load") return runs(x.access.strides);
      if (x.op === "index" || x.op === "uniform") return runs(x.strides);
      return x.op !== "reduce" || x.axes.includes(axis) === x.axes.includes(axis + 1);
    })
  );
}

/** The segment with `axis` taken into the next. */
function without(segment: Segment, axis: number): Segment {
  const drop = (strides: readonly number[]) => strides.filter((_, i) => i !== axis);
  const body = segment.body.map((x): Instruction => {
    if (x.op === "load") return { ...x, access: { ...x.access, strides: drop(x.access.strides) } };
    if (x.op === "index" || x.op === "uniform") return { ...x, strides: drop(x.strides) };
    if (x.op !== "reduce") return x;
    return { ...x, axes: x.axes.filter((i) => i !== axis).map((i) => (i > axis ? i - 1 : i)) };
  });
  const stores = segment.stores.map((store) => ({
    ...store,
    access: { ...store.access, strides: drop(store.access.strides) },
  }));
  return { ...segment, body, stores };
}
