import type { Access, MatmulStep } from "@downhill/core/engine";
import type { Code, Expr } from "../encode/code.js";
import { i32 } from "../encode/instructions.js";
import { emitDot } from "./matmul-dot.js";
import { emitTiles } from "./matmul-tiles.js";
import { forEachIndex, type Range } from "./nest.js";
import type { Target } from "./target.js";

/** Numbers of a result so small that packing columns of `b` costs more than the sums across vectors. */
const SMALL = 16;

/** One matrix of a product: where it begins, and its strides in bytes. */
export interface Matrix {
  readonly address: Expr;
  readonly offset: number;
  readonly down: number;
  readonly along: number;
}

/** out[i, j] = Σ_l a[i, l]·b[l, j]. */
export interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: Matrix;
  readonly b: Matrix;
  readonly out: Matrix;
}

/** The product of the transposes, which is the transpose of the product. */
export function transposed({ m, n, k, a, b, out }: Product): Product {
  const turn = (x: Matrix): Matrix => ({ ...x, down: x.along, along: x.down });
  return { m: n, n: m, k, a: turn(b), b: turn(a), out: turn(out) };
}

/** The first axis of the batch may run over a range. */
export function emitMatmul(
  target: Target,
  code: Code,
  { batch, m, n, k, a, b, out }: MatmulStep,
  range?: Range,
): void {
  const { bytes } = target.lanes;
  const rank = batch.length;
  const pointer = ({ buffer, strides }: Access) => ({
    start: target.keepBase(code, buffer)?.get ?? i32.const(0),
    strides: strides.slice(0, rank).map((stride) => stride * bytes),
  });
  const matrix = (address: Expr, { buffer, offset, strides }: Access): Matrix => ({
    address,
    offset: target.buffers[buffer]! + offset * bytes,
    down: strides[rank]! * bytes,
    along: strides[rank + 1]! * bytes,
  });
  if ([...batch, m, n].includes(0)) return;
  forEachIndex(
    code,
    batch,
    [a, b, out].map(pointer),
    (c, [pa, pb, po]) => {
      emitProduct(target, c, { m, n, k, a: matrix(pa!, a), b: matrix(pb!, b), out: matrix(po!, out) });
    },
    range,
  );
}

/**
 * The vector runs along the columns of `b`, along the rows of `a` (the same, transposed), or, where neither is
 * contiguous or long enough, along the terms of the sums.
 */
function emitProduct(target: Target, code: Code, product: Product): void {
  const { m, n, k, a, b } = product;
  const { bytes, count } = target.lanes;
  const columns = b.along === bytes;
  const rows = a.down === bytes;
  const terms = a.along === bytes && b.down === bytes && k >= count;
  if (columns && n >= count) return emitTiles(target, code, product);
  if (rows && m >= count) return emitTiles(target, code, transposed(product));
  if (terms && (m < count || n < count || m * n <= SMALL)) return emitDot(target, code, product);
  if (n === 1 && m > 1 && !columns) return emitTiles(target, code, transposed(product));
  return emitTiles(target, code, product);
}
