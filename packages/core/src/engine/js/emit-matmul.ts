import type { Access, MatmulStep } from "../../program/plan.js";

/** Sums kept in locals at once: with what they are made of, as many as a processor has registers. */
const TILE = { rows: 3, columns: 4 };
/** Sums of so few terms are written out. */
const UNROLLED = 4;

/**
 * A matrix product in tiles: each number loaded serves four sums, which are float64 in any dtype. Operands are read by
 * their strides, so that transposes cost nothing.
 */
export function emitMatmul({ batch, m, n, k, a, b, out }: MatmulStep): string {
  const rank = batch.length;
  const base = (x: Access) =>
    [...batch.flatMap((_, q) => (x.strides[q] ? [`q${q} * ${x.strides[q]}`] : [])), x.offset].join(" + ");
  const sums = (rows: number, columns: number, each: (row: number, column: number) => string) =>
    Array.from({ length: rows * columns }, (_, at) => each(Math.floor(at / columns), at % columns)).join("");
  const list = (count: number, each: (at: number) => string) => sums(1, count, (_, at) => each(at));
  const plus = (name: string, by: number) => (by === 0 ? name : `(${name} + ${by}) | 0`);

  /** The sums of `rows` × `columns` elements from (i, j) on. */
  const tile = (rows: number, columns: number): string => {
    const [down, along] = a.strides.slice(rank) as [number, number];
    const [next, across] = b.strides.slice(rank) as [number, number];
    const term = (l: number) =>
      list(columns, (y) => `const y${y} = b${b.buffer}[${plus("bj", y * across + l * next)}];\n`) +
      list(rows, (x) => {
        const left = `const x${x} = b${a.buffer}[${plus(`ai`, x * down + l * along)}];\n`;
        return left + list(columns, (y) => `t${x}_${y} += x${x} * y${y};\n`);
      });
    const start = `let ai = (left + i * ${down}) | 0, bj = (right + j * ${across}) | 0;\n`;
    const loop =
      k <= UNROLLED
        ? list(k, (l) => `{\n${term(l)}}\n`)
        : `for (let l = 0; l < ${k}; l++) {\n${term(0)}ai = (ai + ${along}) | 0;\nbj = (bj + ${next}) | 0;\n}\n`;
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
  // A panel of columns of `b` stays in the cache while all rows of `a` pass by.
  const product =
    bases + tiled("j", n, TILE.columns, (columns) => tiled("i", m, TILE.rows, (rows) => tile(rows, columns)));
  return batch.reduceRight(
    (code, length, q) => `for (let q${q} = 0; q${q} < ${length}; q${q}++) {\n${code}}\n`,
    product,
  );
}
