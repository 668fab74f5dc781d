import {
  type Access,
  accessesOf,
  extentOf,
  type Instruction,
  type LoopStep,
  mapAccesses,
  type Segment,
} from "@downhill/core/engine";
import { costOf, sizeOf } from "../cost.js";
import { contiguous, sumOfParts } from "./partials.js";
import { type Cut, cut, partsFor } from "./parts.js";
import type { Split, SplitOptions } from "./split-plan.js";

/** Parts of the innermost axis are whole cache lines. */
const MULTIPLE = 64;
/** The whole costs so many times what it does to add up the parts' results. */
const COST_PER_SUM = 16;

/** Loops in parts of one axis: of one along which nothing is reduced, if that is long enough. */
export function splitLoops(step: LoopStep, { partials, own, grain }: SplitOptions): Split | undefined {
  const wanted = partsFor(costOf(step), grain);
  const chosen = wanted > 1 && chooseAxis(step, wanted);
  if (!chosen) return undefined;
  const { axis, parts, each, rest } = chosen;
  const count = parts + (rest > 0 ? 1 : 0);
  const { step: reduced, sums, size } = withPartials(step, axis, count, partials);
  const { step: whole, size: ownSize } = withOwnRows(reduced, own);

  /** How far the next part's elements are. */
  const apart = (x: Strided) => (x.buffer === partials ? size : each * (x.strides[axis] ?? 0));
  const part = mapStrided(withLength(whole, axis, each), (x) => ({
    ...x,
    strides: [apart(x), ...x.strides],
  }));
  const job = { step: { ...withAxisBefore(part), rows: [parts, ...part.rows] }, parts };
  const left = mapStrided(withLength(whole, axis, rest), (x) => ({
    ...x,
    offset: x.offset + parts * apart(x),
  }));
  return { job: rest > 0 ? { ...job, rest: left } : job, sums, partials: count * size, own: ownSize };
}

/** The axis that makes most parts; those that leave results to add up count half. */
function chooseAxis(step: LoopStep, wanted: number): (Cut & { readonly axis: number }) | undefined {
  const { rows, segments } = step;
  // Of several segments only the rows are common.
  if (rows.length === 0 && segments.length > 1) return undefined;
  const lengths = rows.length > 0 ? rows : segments[0]!.inner;
  const cuts = lengths.flatMap((length, axis) => {
    const size = segments.reduce((sum, segment) => sum + sizeOfReductions(rows, segment, axis), 0);
    const most = size === 0 ? wanted : Math.min(wanted, Math.floor(costOf(step) / (COST_PER_SUM * size)));
    const innermost = rows.length === 0 && axis === lengths.length - 1;
    const made = cut(length, most, innermost ? MULTIPLE : 1);
    return made ? [{ ...made, axis, score: size === 0 ? 2 * made.parts : made.parts }] : [];
  });
  return cuts.sort((a, b) => b.score - a.score)[0];
}

type Reduce = Instruction & { readonly op: "reduce" };

const isAlong = (x: Instruction, axis: number): x is Reduce => x.op === "reduce" && x.axes.includes(axis);

/** The axes that a reduction keeps. */
const keptAxes = (lengths: readonly number[], { axes }: Reduce): number[] =>
  lengths.map((_, axis) => axis).filter((axis) => !axes.includes(axis));

/** How many numbers come of a segment's reductions along the axis. */
function sizeOfReductions(rows: readonly number[], { inner, body }: Segment, axis: number): number {
  const lengths = [...rows, ...inner];
  return body.reduce(
    (sum, x) => sum + (isAlong(x, axis) ? sizeOf(keptAxes(lengths, x).map((at) => lengths[at]!)) : 0),
    0,
  );
}

/** The step with partial results where it reduces along the axis, and the steps that make one of `count` of them. */
function withPartials(step: LoopStep, axis: number, count: number, buffer: number) {
  const { rows } = step;
  const size = step.segments.reduce((sum, segment) => sum + sizeOfReductions(rows, segment, axis), 0);
  const sums: LoopStep[] = [];
  let first = 0;
  let offset = 0;
  const segments = step.segments.map((segment): Segment => {
    const lengths = [...rows, ...segment.inner];
    let { stores, totals } = segment;
    segment.body.forEach((x, i) => {
      if (!isAlong(x, axis)) return;
      const value = first + i;
      const kept = keptAxes(lengths, x);
      const shape = kept.map((at) => lengths[at]!);
      const access: Access = { buffer, offset, strides: contiguous(shape) };
      const ends = stores
        .filter((store) => store.value === value)
        .map(({ access: end }) => ({ ...end, strides: kept.map((at) => end.strides[at] ?? 0) }));
      const given = totals.filter((total) => total.value === value);
      sums.push(sumOfParts(x.by, { count, apart: size, access }, shape, ends, given));

      const strides = lengths.map((_, at) => access.strides[kept.indexOf(at)] ?? 0);
      stores = [
        ...stores.filter((store) => store.value !== value),
        { value, access: { ...access, strides } },
      ];
      totals = totals.filter((total) => total.value !== value);
      offset += sizeOf(shape);
    });
    first += segment.body.length;
    return { ...segment, stores, totals };
  });
  return { step: { ...step, segments }, sums, size };
}

/** The step with what one row hands on moved to a buffer of which each thread has its own. */
function withOwnRows(step: LoopStep, buffer: number): { step: LoopStep; size: number } {
  const shared = accessesOf(step).filter(({ access }) => access.perRow);
  if (shared.length === 0) return { step, size: 0 };
  const begin = Math.min(...shared.map(({ access }) => access.offset));
  const end = Math.max(...shared.map((touch) => touch.access.offset + extentOf(touch)));
  const move = (access: Access) =>
    access.perRow ? { ...access, buffer, offset: access.offset - begin } : access;
  return { step: mapAccesses(step, move) as LoopStep, size: end - begin };
}

/** Whatever moves with the loops: memory, or a counting number. */
interface Strided {
  readonly buffer?: number;
  readonly offset: number;
  readonly strides: readonly number[];
}

function mapStrided(step: LoopStep, map: <S extends Strided>(x: S) => S): LoopStep {
  const segments = step.segments.map((segment) => ({
    ...segment,
    body: segment.body.map((x): Instruction => {
      if (x.op === "load") return { ...x, access: map(x.access) };
      return x.op === "index" || x.op === "uniform" ? map(x) : x;
    }),
    stores: segment.stores.map((store) => ({ ...store, access: map(store.access) })),
  }));
  return { ...step, segments };
}

/** The step with so many iterations of the axis. */
function withLength({ kind, rows, segments }: LoopStep, axis: number, length: number): LoopStep {
  const set = (lengths: readonly number[], at: number) => lengths.map((n, i) => (i === at ? length : n));
  if (axis < rows.length) return { kind, rows: set(rows, axis), segments };
  const [only] = segments as [Segment];
  return { kind, rows, segments: [{ ...only, inner: set(only.inner, axis - rows.length) }] };
}

/** The step's reductions where there is one more axis before all others. */
function withAxisBefore(step: LoopStep): LoopStep {
  const segments = step.segments.map((segment) => ({
    ...segment,
    body: segment.body.map(
      (x): Instruction => (x.op === "reduce" ? { ...x, axes: x.axes.map((axis) => axis + 1) } : x),
    ),
  }));
  return { ...step, segments };
}
