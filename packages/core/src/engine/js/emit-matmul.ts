import type { Access, MatmulStep } from "../../program/plan.js";
import type { Context } from "./emit-loops.js";

/** Sums kept in locals at once: with what they are made of, as many as a processor has registers. */
const TILE = { rows: 3, columns: 4 };
/** Sums of so few terms are written out. */
const UNROLLED = 4;

/** Products of fewer numbers read their operands where they are. */
const PACKED = 100_000;
/** The largest operand that is packed whole, 8 MB, and the longest panel, 1 MB. */
const WHOLE = 2 ** 20;
const LONGEST = 2 ** 15;

/** Where a tile finds an operand: from `start` on, by `across` from sum to sum and by `along` from term to term. */
interface Operand {
  readonly array: string;
  readonly start: string;
  readonly across: number;
  readonly along: number;
}

/**
 * A matrix product in tiles: each number loaded serves four sums, which are float64 in any dtype. Operands of larger
 * products are copied to the workspace first, as float64 in the order in which tiles read them: it takes the conversions
 * out of the innermost loop, and long strides, which miss the cache. Smaller ones are read by their strides.
 */
export function emitMatmul({ batch, m, n, k, a, b, out }: MatmulStep, { reserve }: Context): string {
  const rank = batch.length;
  const base = (x: Access) =>
    [...batch.flatMap((_, q) => (x.strides[q] ? [`q${q} * ${x.strides[q]}`] : [])), x.offset].join(" + ");
  const sums = (rows: number, columns: number, each: (row: number, column: number) => string) =>
    Array.from({ length: rows * columns }, (_, at) => each(Math.floor(at / columns), at % columns)).join("");
  const list = (count: number, each: (at: number) => string) => sums(1, count, (_, at) => each(at));
  const plus = (name: string, by: number) => (by === 0 ? name : `(${name} + ${by}) | 0`);

  const inMemory = (name: string, index: string, x: Access, across: number, along: number): Operand => ({
    array: `b${x.buffer}`,
    start: `${name} + ${index} * ${across}`,
    across,
    along,
  });
  const [aRow, aTerm] = a.strides.slice(rank) as [number, number];
  const [bTerm, bColumn] = b.strides.slice(rank) as [number, number];
  const given = {
    left: inMemory("left", "i", a, aRow, aTerm),
    right: inMemory("right", "j", b, bColumn, bTerm),
  };
  const packs = m * n * k >= PACKED && k > UNROLLED && k <= LONGEST;
  const panel = packs ? reserve(k * TILE.columns) : undefined;
  const whole = packs && m * k <= WHOLE ? reserve(m * k) : undefined;
  const leftOf = (rows: number): Operand =>
    whole === undefined ? given.left : { array: "w", start: `${whole} + i * ${k}`, across: 1, along: rows };
  const rightOf = (columns: number): Operand =>
    panel === undefined ? given.right : { array: "w", start: String(panel), across: 1, along: columns };
  const copy = (from: Operand, to: Operand, count: number) =>
    `let p = (${to.start}) | 0, q = (${from.start}) | 0;\nfor (let l = 0; l < ${k}; l++) {\n` +
    list(count, (x) => `w[${plus("p", x)}] = ${from.array}[${plus("q", x * from.across)}];\n`) +
    `p = (p + ${to.along}) | 0;\nq = (q + ${from.along}) | 0;\n}\n`;

  /** The sums of `rows` × `columns` elements from (i, j) on. */
  const tile = (rows: number, columns: number): string => {
    const [left, right] = [leftOf(rows), rightOf(columns)];
    const term = (l: number) =>
      list(
        columns,
        (y) => `const y${y} = ${right.array}[${plus("bj", y * right.across + l * right.along)}];\n`,
      ) +
      list(rows, (x) => {
        const load = `const x${x} = ${left.array}[${plus("ai", x * left.across + l * left.along)}];\n`;
        return load + list(columns, (y) => `t${x}_${y} += x${x} * y${y};\n`);
      });
    const start = `let ai = (${left.start}) | 0, bj = (${right.start}) | 0;\n`;
    const loop =
      k <= UNROLLED
        ? list(k, (l) => `{\n${term(l)}}\n`)
        : `for (let l = 0; l < ${k}; l++) {\n${term(0)}ai = (ai + ${left.along}) | 0;\nbj = (bj + ${right.along}) | 0;\n}\n`;
    const [outRow, outColumn] = out.strides.slice(rank) as [number, number];
    const to = `const o = (into + i * ${outRow} + j * ${outColumn}) | 0;\n`;
    return (
      sums(rows, columns, (x, y) => `let t${x}_${y} = 0;\n`) +
      start +
      loop +
      to +
      sums(
        rows,
        columns,
        (x, y) => `b${out.buffer}[${plus("o", x * outRow + y * outColumn)}] = t${x}_${y};\n`,
      )
    );
  };
  /** Tiles along an axis, of sizes that differ by 1 at most: narrow ones wait for their own sums. */
  const tiled = (name: string, length: number, size: number, body: (size: number) => string): string => {
    const count = Math.ceil(length / size);
    const narrow = Math.floor(length / count);
    const middle = (narrow + 1) * (length - narrow * count);
    const loop = (from: number, to: number, by: number) => {
      if (from === to) return "";
      if (from + by === to) return `{\nconst ${name} = ${from};\n${body(by)}}\n`;
      return `for (let ${name} = ${from}; ${name} < ${to}; ${name} += ${by}) {\n${body(by)}}\n`;
    };
    return loop(0, middle, narrow + 1) + loop(middle, length, narrow);
  };
  const bases = `const left = ${base(a)}, right = ${base(b)}, into = ${base(out)};\n`;
  const packing =
    whole === undefined ? "" : tiled("i", m, TILE.rows, (rows) => copy(given.left, leftOf(rows), rows));
  // A panel of columns of `b` stays in the cache while all rows of `a` pass by.
  const tiles = tiled("j", n, TILE.columns, (columns) => {
    const rows = tiled("i", m, TILE.rows, (rows) => tile(rows, columns));
    return panel === undefined ? rows : copy(given.right, rightOf(columns), columns) + rows;
  });
  const product = bases + packing + tiles;
  return batch.reduceRight(
    (code, length, q) => `for (let q${q} = 0; q${q} < ${length}; q${q}++) {\n${code}}\n`,
    product,
  );
}
