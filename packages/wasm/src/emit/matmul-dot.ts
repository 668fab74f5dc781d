import type { Code, Expr } from "../encode/code.js";
import { i32, v128 } from "../encode/instructions.js";
import { across, acrossTotal, addBlock } from "./folds.js";
import { float64, type Lanes } from "./lanes.js";
import type { Product } from "./matmul.js";
import type { Target } from "./target.js";

/** Rows of `a` at a time: each vector of `b` serves them all. */
const ROWS = 4;
/** Terms summed before their sum goes to float64. */
const BLOCK = 4096;

const lowPairs = v128.shuffle([0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23]);
const highPairs = v128.shuffle([8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31]);
const lowHalves = v128.shuffle([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]);
const highHalves = v128.shuffle([8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31]);

/** A product whose vectors run along the terms: of rows of `a` and columns of `b`, both contiguous. */
export function emitDot(target: Target, code: Code, product: Product): void {
  const { m, n, a, b, out } = product;
  const zero = i32.const(0);
  const [pb, oj] = [b, out].map(({ address }) => code.keep("i32", address));
  code.repeat(n, () => {
    const [pa, po] = [code.keep("i32", a.address), code.keep("i32", i32.add(oj!.get, zero))];
    const tile = (rows: number) => {
      sums(target.lanes, code, product, rows, pa!.get, pb!.get, po!.get);
      code.set(pa!, i32.add(pa!.get, i32.const(rows * a.down)));
      code.set(po!, i32.add(po!.get, i32.const(rows * out.down)));
    };
    if (m >= ROWS) code.repeat(Math.floor(m / ROWS), () => tile(ROWS));
    if (m % ROWS > 0) tile(m % ROWS);
    code.set(pb!, i32.add(pb!.get, i32.const(b.along)));
    code.set(oj!, i32.add(oj!.get, i32.const(out.along)));
  });
}

function sums(
  lanes: Lanes,
  code: Code,
  { k, a, b, out }: Product,
  rows: number,
  pa: Expr,
  pb: Expr,
  po: Expr,
): void {
  const { count, bytes, arithmetic } = lanes;
  const list = Array.from({ length: rows }, (_, i) => i);
  const parts = list.map(() => code.keep("v128", lanes.number(0)));
  const [at, bt] = [code.keep("i32", pa), code.keep("i32", pb)];
  const term = (width: number) => {
    const y = code.keep("v128", lanes.load(bt.get, b.offset, bytes, width)).get;
    for (const i of list) {
      const x = lanes.load(at.get, a.offset + i * a.down, bytes, width);
      code.set(parts[i]!, arithmetic.add(parts[i]!.get, arithmetic.mul(x, y)));
    }
    code.set(at, i32.add(at.get, i32.const(width * bytes)));
    code.set(bt, i32.add(bt.get, i32.const(width * bytes)));
  };
  const vectors = Math.floor(k / count);
  const whole = (times: number) => void (times > 0 && code.repeat(times, () => term(count)));
  const each = BLOCK / count;
  const totals = vectors > each ? list.map(() => code.keep("v128", float64.number(0))) : [];
  const flush = () =>
    totals.forEach((total, i) => {
      addBlock(code, lanes, total, parts[i]!.get);
      code.set(parts[i]!, lanes.number(0));
    });
  if (totals.length > 0) {
    code.repeat(Math.floor(vectors / each), () => {
      whole(each);
      flush();
    });
    whole(vectors % each);
  } else whole(vectors);
  if (k % count > 0) term(k % count);
  flush();

  const one = (i: number): Expr =>
    totals[i] ? lanes.spread(acrossTotal(code, totals[i])) : across(code, lanes, "sum", parts[i]!.get);
  if (totals.length === 0 && rows === ROWS && lanes.dtype === "float32") {
    const { add } = arithmetic;
    const [p, q, r, s] = parts.map(({ get }) => get) as [Expr, Expr, Expr, Expr];
    const first = code.keep("v128", add(lowPairs(p, q), highPairs(p, q))).get;
    const second = code.keep("v128", add(lowPairs(r, s), highPairs(r, s))).get;
    const four = code.keep("v128", add(lowHalves(first, second), highHalves(first, second)));
    lanes.store(code, po, out.offset, out.down, ROWS, four);
    return;
  }
  for (const i of list) {
    const value = code.keep("v128", one(i));
    lanes.store(code, po, out.offset + i * out.down, 0, 1, value);
  }
}
