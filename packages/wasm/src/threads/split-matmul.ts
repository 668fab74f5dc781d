import type { Access, MatmulStep } from "@downhill/core/engine";
import { costOf, sizeOf } from "../cost.js";
import { contiguous, sumOfParts } from "./partials.js";
import { type Cut, cut, partsFor } from "./parts.js";
import type { Job, Split, SplitOptions } from "./split-plan.js";

/** Rows of a part fill whole tiles, its columns and terms whole cache lines. */
const MULTIPLE = { rows: 8, columns: 16, terms: 64 };
/** Rows or columns of a part that are worth packing all of the other operand; `a` needs none where it lies as it is read. */
const WORTH_PACKING = 56;
/** Numbers of an `a` that stays in a processor's own cache while parts take it up again, each for a few columns. */
const STAYS_NEAR = 2 ** 18;
/** A part's terms are so many times the numbers that it leaves to be added up. */
const TERMS_PER_SUM = 64;

/** A product in parts: of its batch, its rows or its columns; of its terms where all of these are few. */
export function splitMatmul(step: MatmulStep, { partials, grain }: SplitOptions): Split | undefined {
  const wanted = partsFor(costOf(step), grain);
  if (wanted === 1) return undefined;
  const { batch, m, n, k, a, b, out } = step;
  const rank = batch.length;
  /** How far the next part is, where that is along these axes of the operands. */
  const apart = ({ each }: Cut, axes: { a?: number; b?: number; out?: number }) => {
    const of = ({ strides }: Access, axis?: number) => (axis === undefined ? 0 : each * strides[axis]!);
    return { a: of(a, axes.a), b: of(b, axes.b), out: of(out, axes.out) };
  };
  const only = (job: Job): Split => ({ job, sums: [], partials: 0, own: 0 });

  const batches = rank > 0 && cut(batch[0]!, wanted, 1);
  if (batches) {
    const part = (length: number) => ({ ...step, batch: [length, ...batch.slice(1)] });
    return only(inParts(part, batches, apart(batches, { a: 0, b: 0, out: 0 })));
  }

  const shape = [...batch, m, n];
  const size = sizeOf(shape);
  const terms = cut(k, Math.min(wanted, Math.floor(k / (TERMS_PER_SUM * size))), MULTIPLE.terms);
  const worthPacking = (length: number) => Math.min(wanted, Math.max(2, Math.floor(length / WORTH_PACKING)));
  const rows = cut(m, worthPacking(m), MULTIPLE.rows);
  const free = a.strides[rank + 1] === 1 && m * k <= STAYS_NEAR;
  const columns = cut(n, free ? wanted : worthPacking(n), MULTIPLE.columns);
  if (terms && terms.parts > 2 * Math.max(rows?.parts ?? 0, columns?.parts ?? 0)) {
    const access: Access = { buffer: partials, offset: 0, strides: contiguous(shape) };
    const part = (length: number) => ({ ...step, k: length, out: access });
    const job = inParts(part, terms, { ...apart(terms, { a: rank + 1, b: rank }), out: size });
    const count = terms.parts + (terms.rest > 0 ? 1 : 0);
    const sum = sumOfParts("sum", { count, apart: size, access }, shape, [out], []);
    return { job, sums: [sum], partials: count * size, own: 0 };
  }
  if (columns && columns.parts > (rows?.parts ?? 0)) {
    const part = (length: number) => ({ ...step, n: length });
    return only(inParts(part, columns, apart(columns, { b: rank + 1, out: rank + 1 })));
  }
  if (!rows) return undefined;
  const part = (length: number) => ({ ...step, m: length });
  return only(inParts(part, rows, apart(rows, { a: rank, out: rank })));
}

/** `part` makes a product of so much of an axis; `apart` is how far each operand of the next one is. */
function inParts(
  part: (length: number) => MatmulStep,
  { parts, each, rest }: Cut,
  apart: Readonly<Record<"a" | "b" | "out", number>>,
): Job {
  const moved = (step: MatmulStep, move: (access: Access, by: number) => Access): MatmulStep => ({
    ...step,
    a: move(step.a, apart.a),
    b: move(step.b, apart.b),
    out: move(step.out, apart.out),
  });
  const whole = moved(part(each), (x, by) => ({ ...x, strides: [by, ...x.strides] }));
  const step = { ...whole, batch: [parts, ...whole.batch] };
  if (rest === 0) return { step, parts };
  return { step, parts, rest: moved(part(rest), (x, by) => ({ ...x, offset: x.offset + parts * by })) };
}
