import type { Access, FillStep, GatherStep, ScatterStep } from "@downhill/core/engine";
import type { Code, Expr } from "../encode/code.js";
import { clear, f32, f64, i32 } from "../encode/instructions.js";
import type { Lanes } from "./lanes.js";
import type { Target } from "./target.js";

/** Appends a pass over `count` neighbouring numbers by vectors, the last of them in part. */
export function alongRow(
  code: Code,
  { count: width, bytes }: Lanes,
  count: number,
  pointers: readonly Expr[],
  visit: (code: Code, at: readonly Expr[], lanes: number) => void,
): void {
  const at = pointers.map((pointer) => code.keep("i32", pointer));
  const vectors = Math.floor(count / width);
  if (vectors > 0) {
    code.repeat(vectors, () => {
      visit(
        code,
        at.map(({ get }) => get),
        width,
      );
      for (const local of at) code.set(local, i32.add(local.get, i32.const(width * bytes)));
    });
  }
  if (count % width > 0)
    visit(
      code,
      at.map(({ get }) => get),
      count % width,
    );
}

/** For each row of `before` and each of `count` indices: `inside` where the index is a whole number in [0, length), as an i32. */
function forIndices(
  target: Target,
  code: Code,
  { before, length, count, indices }: GatherStep | ScatterStep,
  visit: { inside: (i: Expr, j: Expr, at: Expr) => void; outside?: (i: Expr, j: Expr) => void },
): void {
  const { bytes } = target.lanes;
  const start = beginning(target, code, indices);
  const i = code.keep("i32", i32.const(0));
  code.repeat(before, () => {
    const j = code.keep("i32", i32.const(0));
    code.repeat(count, () => {
      const address = i32.add(start, i32.mul(j.get, i32.const(bytes)));
      const base = target.buffers[indices.buffer]! + bytes * indices.offset;
      const load = bytes === 4 ? f64.promoteF32(f32.load(address, base)) : f64.load(address, base);
      const index = code.keep("f64", load).get;
      const inRange = i32.and(f64.ge(index, f64.const(0)), f64.lt(index, f64.const(length)));
      const inside = i32.and(f64.eq(f64.nearest(index), index), inRange);
      code.when(
        inside,
        () => visit.inside(i.get, j.get, code.keep("i32", i32.truncF64(index)).get),
        visit.outside && (() => visit.outside!(i.get, j.get)),
      );
      code.set(j, i32.add(j.get, i32.const(1)));
    });
    code.set(i, i32.add(i.get, i32.const(1)));
  });
}

/** Where the access's buffer begins, as far as that is known in the run only. */
function beginning(target: Target, code: Code, { buffer }: Access): Expr {
  return target.keepBase(code, buffer)?.get ?? i32.const(0);
}

export function emitGather(target: Target, code: Code, step: GatherStep): void {
  const { length, after, count, source, out } = step;
  const { lanes } = target;
  const row = lanes.bytes * after;
  const to = target.buffers[out.buffer]! + lanes.bytes * out.offset;
  const from = target.buffers[source.buffer]! + lanes.bytes * source.offset;
  const place = (start: Expr, i: Expr, width: number, j: Expr) =>
    i32.add(start, i32.mul(i32.add(i32.mul(i, i32.const(width)), j), i32.const(row)));
  if (step.before * count * after === 0) return;
  const [fromStart, toStart] = [beginning(target, code, source), beginning(target, code, out)];
  forIndices(target, code, step, {
    inside: (i, j, at) =>
      alongRow(
        code,
        lanes,
        after,
        [place(fromStart, i, length, at), place(toStart, i, count, j)],
        (c, [p, q], n) => {
          const value = c.keep("v128", lanes.load(p!, from, lanes.bytes, n));
          lanes.store(c, q!, to, lanes.bytes, n, value);
        },
      ),
    outside: (i, j) =>
      alongRow(code, lanes, after, [place(toStart, i, count, j)], (c, [q], n) => {
        lanes.store(c, q!, to, lanes.bytes, n, c.keep("v128", lanes.number(Number.NaN)));
      }),
  });
}

export function emitScatter(target: Target, code: Code, step: ScatterStep): void {
  const { before, length, after, count, source, out } = step;
  const { lanes } = target;
  const row = lanes.bytes * after;
  const to = target.buffers[out.buffer]! + lanes.bytes * out.offset;
  const from = target.buffers[source.buffer]! + lanes.bytes * source.offset;
  const place = (start: Expr, i: Expr, width: number, j: Expr) =>
    i32.add(start, i32.mul(i32.add(i32.mul(i, i32.const(width)), j), i32.const(row)));
  const toStart = beginning(target, code, out);
  clear(i32.add(toStart, i32.const(to)), i32.const(before * length * row))(code);
  if (before * count * after === 0) return;
  const fromStart = beginning(target, code, source);
  forIndices(target, code, step, {
    inside: (i, j, at) =>
      alongRow(
        code,
        lanes,
        after,
        [place(fromStart, i, count, j), place(toStart, i, length, at)],
        (c, [p, q], n) => {
          const [added, old] = [lanes.load(p!, from, lanes.bytes, n), lanes.load(q!, to, lanes.bytes, n)];
          lanes.store(c, q!, to, lanes.bytes, n, c.keep("v128", lanes.arithmetic.add(old, added)));
        },
      ),
  });
}

export function emitFill(target: Target, code: Code, { value, count, access }: FillStep): void {
  const { lanes } = target;
  const to = target.buffers[access.buffer]! + lanes.bytes * access.offset;
  const start = beginning(target, code, access);
  if (Object.is(value, 0)) return clear(i32.add(start, i32.const(to)), i32.const(count * lanes.bytes))(code);
  const filled = code.keep("v128", lanes.number(value));
  alongRow(code, lanes, count, [start], (c, [q], n) => lanes.store(c, q!, to, lanes.bytes, n, filled));
}
