import { type Access, accessesOf, extentOf, type Instruction, type LoopStep } from "@downhill/core/engine";

/**
 * So many places of memory are read in turn, each far from the others. A processor fetches ahead of every place that is
 * read in order, by a number of lines and up to the end of a page: with several of them there is time for memory to
 * answer while rows are computed.
 */
const STREAMS = [8, 16, 4, 5, 6, 7, 9, 10, 3, 2];
/** Bytes of a row for which that pays: shorter ones are fetched in time, longer ones are computed for long enough. */
const ROW = { least: 32, most: 1024 };
/** Bytes of all rows that are in a cache. */
const LARGE = 1 << 20;
/** Each of the places is the beginning of so many bytes or more. */
const FAR = 1 << 14;

/** The same loops with the last of the rows' axes in streams: index = stream·length + i, and the streams run inside. */
export function inStreams(step: LoopStep, bytes: number): LoopStep {
  const axis = step.rows.length - 1;
  const length = step.rows[axis];
  if (length === undefined) return step;
  const row = bytes * rowSize(step, axis);
  const streams = STREAMS.find((n) => length % n === 0 && (length / n) * row >= FAR);
  if (!streams || row < ROW.least || row > ROW.most || row * step.rows.reduce((a, b) => a * b) < LARGE)
    return step;
  const each = length / streams;
  const split = (strides: readonly number[]) => [
    ...strides.slice(0, axis + 1),
    each * (strides[axis] ?? 0),
    ...strides.slice(axis + 1),
  ];
  const access = (x: Access): Access => ({ ...x, strides: split(x.strides) });
  const instruction = (x: Instruction): Instruction => {
    if (x.op === "load") return { ...x, access: access(x.access) };
    if (x.op === "index" || x.op === "uniform") return { ...x, strides: split(x.strides) };
    if (x.op !== "reduce") return x;
    const axes = x.axes.flatMap((i) => (i < axis ? [i] : i === axis ? [i, i + 1] : [i + 1]));
    return { ...x, axes };
  };
  return {
    ...step,
    rows: [...step.rows.slice(0, axis), each, streams],
    segments: step.segments.map((segment) => ({
      ...segment,
      body: segment.body.map(instruction),
      stores: segment.stores.map((store) => ({ ...store, access: access(store.access) })),
    })),
  };
}

/** Elements that one row has of its own, of all that move with the rows. */
function rowSize(step: LoopStep, axis: number): number {
  const seen = new Map<string, number>();
  for (const { access, lengths, writes } of accessesOf(step)) {
    if (!access.strides[axis]) continue;
    const inner = { ...access, strides: access.strides.slice(axis + 1) };
    const size = extentOf({ access: inner, lengths: lengths.slice(axis + 1), writes });
    seen.set(`${access.buffer} ${access.offset}`, size);
  }
  return [...seen.values()].reduce((a, b) => a + b, 0);
}
