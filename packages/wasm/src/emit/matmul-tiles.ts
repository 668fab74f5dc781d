import type { Code, Expr, Local } from "../encode/code.js";
import { i32 } from "../encode/instructions.js";
import { addBlock, narrow, widen } from "./folds.js";
import { float64 } from "./lanes.js";
import type { Matrix, Product } from "./matmul.js";
import type { Target } from "./target.js";

/** Accumulators of a tile: with more, a processor's sixteen registers do not hold what one term needs. */
const ACCUMULATORS = 8;
const ROWS = 4;
/** Terms of one pass: a panel of so many rows of `b` stays in the nearest cache. */
const TERMS = 384;
/** Bytes of `b` that stay in the nearest cache while all rows of `a` pass. */
const NEAR = 24 * 1024;
/** Bytes of `a` that stay in the next one while all columns of `b` pass. */
const MIDDLE = 512 * 1024;
/** Sums of so few terms are written out. */
const WRITTEN_OUT = 8;

/**
 * A product in tiles of rows × vectors, held in registers over the terms: for each term the tile takes a vector of `b`
 * for each of its columns and one number of `a` for each of its rows.
 */
export function emitTiles(target: Target, code: Code, product: Product): void {
  const { m, n, k } = product;
  const { count, bytes } = target.lanes;
  const vectors = Math.ceil(n / count);
  // Fewer rows leave room for more columns, and the other way round.
  const columns = m >= ROWS ? Math.min(2, vectors) : Math.min(vectors, Math.floor(ACCUMULATORS / m));
  const rows = Math.min(m, Math.max(ROWS, Math.floor(ACCUMULATORS / columns)));
  const tiles = (part: Product) => new Tiles(target, code, part, rows, columns);
  const contiguous = product.b.along === bytes || n === 1;
  if (contiguous && m <= rows && vectors <= columns && k > TERMS) return tiles(product).single();

  const large = k * n * bytes > NEAR;
  const passes = large ? Math.ceil(k / TERMS) : 1;
  const packB = !contiguous || (large && m >= 4 * rows);
  if (!packB && passes === 1) return tiles(product).direct();
  const packA = large && m > rows && product.a.along !== bytes;
  inBlocks(code, product, rows, Math.ceil(k / passes) * bytes, (part) =>
    tiles(part).packed(passes, packB, packA),
  );
}

/** The product by blocks of rows, so that those of `a` stay in a cache while all columns of `b` pass. */
function inBlocks(
  code: Code,
  product: Product,
  tile: number,
  rowBytes: number,
  visit: (part: Product) => void,
): void {
  const { m, a, out } = product;
  const blocks = Math.ceil((m * rowBytes) / MIDDLE);
  if (blocks === 1) return visit(product);
  const rows = Math.ceil(m / blocks / tile) * tile;
  const [pa, po] = [a, out].map(({ address }) => code.keep("i32", address)) as [Local, Local];
  const part = (count: number) =>
    visit({ ...product, m: count, a: { ...a, address: pa.get }, out: { ...out, address: po.get } });
  code.repeat(Math.floor(m / rows), () => {
    part(rows);
    code.set(pa, i32.add(pa.get, i32.const(rows * a.down)));
    code.set(po, i32.add(po.get, i32.const(rows * out.down)));
  });
  if (m % rows > 0) part(m % rows);
}

interface Sources {
  readonly a: Matrix;
  readonly b: Matrix;
  /** Whether vectors of `b` are whole even where the product's last columns are not. */
  readonly padded: boolean;
}

class Tiles {
  readonly #target: Target;
  readonly #code: Code;
  readonly #product: Product;
  readonly #rows: number;
  readonly #columns: number;

  constructor(target: Target, code: Code, product: Product, rows: number, columns: number) {
    this.#target = target;
    this.#code = code;
    this.#product = product;
    this.#rows = rows;
    this.#columns = columns;
  }

  /** Operands as they lie. */
  direct(): void {
    const { a, b, out, k } = this.#product;
    this.#down([a, out], (rows, [pa, po]) => {
      this.#across(
        [
          { ...b, step: b.along },
          { ...out, address: po!, step: out.along },
        ],
        (columns, [pb, to]) => {
          const sources = { a: { ...a, address: pa! }, b: { ...b, address: pb! }, padded: false };
          this.#tile(rows, columns, sources, to!, k, undefined);
        },
      );
    });
  }

  /** One tile, its terms in blocks whose sums go to float64. */
  single(): void {
    const { m, n, k, a, b, out } = this.#product;
    const { lanes } = this.#target;
    const code = this.#code;
    const wide = lanes.dtype === "float32";
    const sums = this.#sums(m, n, () => lanes.number(0));
    const totals = sums.map(() => (wide ? [0, 1] : [0]).map(() => code.keep("v128", float64.number(0))));
    const [pa, pb] = [a, b].map(({ address }) => code.keep("i32", address)) as [Local, Local];
    const left = code.keep("i32", i32.const(k));
    const terms = code.locals.local("i32");
    const most = i32.const(TERMS);
    code.loop(() => {
      code.set(terms, (c) => c.eval(left.get, most, i32.ltS(left.get, most)).op(0x1b));
      code.set(left, i32.sub(left.get, terms.get));
      this.#terms(m, n, { a, b, padded: false }, sums, pa, pb, terms);
      sums.forEach((sum, i) => {
        if (wide) widen(sum.get).forEach((half, j) => addBlock(code, float64, totals[i]![j]!, half));
        else addBlock(code, float64, totals[i]![0]!, sum.get);
        code.set(sum, lanes.number(0));
      });
      code.eval(left.get);
    });
    sums.forEach((sum, i) => {
      const [low, high] = totals[i]!.map(({ get }) => get);
      code.set(sum, high ? narrow(low!, high) : low!);
    });
    this.#store(m, n, sums, out.address);
  }

  /**
   * Panels of `b`, and tiles of `a` where that is not contiguous along the terms, are copied into the order in which
   * they are read; sums of long products are taken up again in each pass over some of the terms.
   */
  packed(passes: number, packB: boolean, packA: boolean): void {
    const { m, k, a, b, out } = this.#product;
    const { lanes } = this.#target;
    const { bytes } = lanes;
    const code = this.#code;
    const width = this.#columns * lanes.count;
    const most = Math.ceil(k / passes);
    const panel = packB ? this.#target.reserve(most * width * bytes) : 0;
    const tile = this.#rows * bytes;
    const tiles = packA ? this.#target.reserve(most * Math.ceil(m / this.#rows) * tile) : 0;
    const [pa, pb] = [a, b].map(({ address }) => code.keep("i32", address)) as [Local, Local];
    const left = code.keep("i32", i32.const(k));
    const terms = code.locals.local("i32");
    const own = this.#target.keepOwn(code)?.get ?? i32.const(0);
    const again = passes > 1 ? code.keep("i32", i32.const(0)) : undefined;
    const pass = () => {
      code.set(terms, (c) => c.eval(left.get, i32.const(most), i32.ltS(left.get, i32.const(most))).op(0x1b));
      if (packA) this.#packA(pa.get, own, tiles, terms);
      const packedA: Matrix = { address: own, offset: tiles, down: bytes, along: tile };
      const fromA = packA ? packedA : { ...a, address: pa.get };
      this.#across(
        [
          { ...b, address: pb.get, step: b.along },
          { ...out, step: out.along },
        ],
        (columns, [from, to]) => {
          if (packB) this.#packB(columns, from!, own, panel, terms);
          const fromB = packB
            ? { address: own, offset: panel, down: width * bytes, along: bytes }
            : { ...b, address: from! };
          // A packed tile is all of its terms long.
          const downA = packA ? { ...packedA, tile: i32.mul(terms.get, i32.const(tile)) } : fromA;
          this.#down([downA, { ...out, address: to! }], (rows, [down, at]) => {
            const sources = { a: { ...fromA, address: down! }, b: fromB, padded: packB };
            this.#tile(rows, columns, sources, at!, terms, again);
          });
        },
      );
      code.set(pa, i32.add(pa.get, i32.mul(terms.get, i32.const(a.along))));
      code.set(pb, i32.add(pb.get, i32.mul(terms.get, i32.const(b.down))));
      code.set(left, i32.sub(left.get, terms.get));
      if (again) code.set(again, i32.const(1));
    };
    if (passes === 1) return pass();
    code.loop(() => {
      pass();
      code.eval(left.get);
    });
  }

  /** Loops over tiles of rows: whole ones, then what is left. */
  #down(
    matrices: readonly (Matrix & { readonly tile?: Expr })[],
    visit: (rows: number, pointers: readonly Expr[]) => void,
  ): void {
    const { m } = this.#product;
    const code = this.#code;
    const pointers = matrices.map(({ address }) => code.keep("i32", address));
    const get = pointers.map((pointer) => pointer.get);
    const whole = Math.floor(m / this.#rows);
    const left = m % this.#rows;
    code.repeat(whole, () => {
      visit(this.#rows, get);
      if (whole === 1 && left === 0) return;
      matrices.forEach(({ tile, down }, i) => {
        code.set(pointers[i]!, i32.add(get[i]!, tile ?? i32.const(this.#rows * down)));
      });
    });
    if (left > 0) visit(left, get);
  }

  /** Loops over panels of columns, whole ones, then what is left; `columns` is their number. */
  #across(
    matrices: readonly { readonly address: Expr; readonly step: number }[],
    visit: (columns: number, pointers: readonly Expr[]) => void,
  ): void {
    const { n } = this.#product;
    const code = this.#code;
    const width = this.#columns * this.#target.lanes.count;
    const pointers = matrices.map(({ address }) => code.keep("i32", address));
    const get = pointers.map((pointer) => pointer.get);
    const whole = Math.floor(n / width);
    const left = n % width;
    if (whole > 0) {
      code.repeat(whole, () => {
        visit(width, get);
        if (whole === 1 && left === 0) return;
        matrices.forEach(({ step }, i) => {
          code.set(pointers[i]!, i32.add(get[i]!, i32.const(width * step)));
        });
      });
    }
    if (left > 0) visit(left, get);
  }

  /** The sums of a tile; with `again` they start from what a pass before has stored. */
  #tile(
    rows: number,
    columns: number,
    sources: Sources,
    to: Expr,
    terms: number | Local,
    again: Local | undefined,
  ): void {
    const code = this.#code;
    const { lanes } = this.#target;
    const sums = this.#sums(rows, columns, () => lanes.number(0));
    if (again) {
      code.when(again.get, () => {
        this.#each(rows, columns, (at, row, offset, width) => {
          const { out } = this.#product;
          const place = out.offset + row * out.down + offset * out.along;
          code.set(sums[at]!, lanes.load(to, place, out.along, width));
        });
      });
    }
    const [pa, pb] = [sources.a, sources.b].map(({ address }) => code.keep("i32", address)) as [Local, Local];
    this.#terms(rows, columns, sources, sums, pa, pb, terms);
    this.#store(rows, columns, sums, to);
  }

  #terms(
    rows: number,
    columns: number,
    { a, b, padded }: Sources,
    sums: readonly Local[],
    pa: Local,
    pb: Local,
    terms: number | Local,
  ): void {
    const code = this.#code;
    const { lanes, relaxed } = this.#target;
    const { add, mul, relaxedMadd } = lanes.arithmetic;
    const term = (l: number) => {
      const y: Expr[] = [];
      this.#each(1, columns, (at, _, offset, width) => {
        const place = b.offset + l * b.down + offset * b.along;
        y[at] = code.keep("v128", lanes.load(pb.get, place, lanes.bytes, padded ? lanes.count : width)).get;
      });
      for (let row = 0; row < rows; row++) {
        const x = code.keep("v128", lanes.loadSplat(pa.get, a.offset + l * a.along + row * a.down)).get;
        y.forEach((value, column) => {
          const sum = sums[row * y.length + column]!;
          code.set(sum, relaxed ? relaxedMadd(x, value, sum.get) : add(sum.get, mul(x, value)));
        });
      }
    };
    if (typeof terms === "number" && terms <= WRITTEN_OUT) {
      for (let l = 0; l < terms; l++) term(l);
      return;
    }
    const left = code.keep("i32", typeof terms === "number" ? i32.const(terms) : terms.get);
    code.repeat(left, () => {
      term(0);
      code.set(pa, i32.add(pa.get, i32.const(a.along)));
      code.set(pb, i32.add(pb.get, i32.const(b.down)));
    });
  }

  #store(rows: number, columns: number, sums: readonly Local[], to: Expr): void {
    const { out } = this.#product;
    this.#each(rows, columns, (at, row, offset, width) => {
      const place = out.offset + row * out.down + offset * out.along;
      this.#target.lanes.store(this.#code, to, place, out.along, width, sums[at]!);
    });
  }

  #sums(rows: number, columns: number, start: () => Expr): Local[] {
    const sums: Local[] = [];
    this.#each(rows, columns, () => sums.push(this.#code.keep("v128", start())));
    return sums;
  }

  /** Each vector of a tile: its number, row, first column, and how many of its lanes count. */
  #each(
    rows: number,
    columns: number,
    visit: (at: number, row: number, offset: number, width: number) => void,
  ): void {
    const { count } = this.#target.lanes;
    const across = Math.ceil(columns / count);
    for (let row = 0; row < rows; row++) {
      for (let vector = 0; vector < across; vector++) {
        visit(row * across + vector, row, vector * count, Math.min(count, columns - vector * count));
      }
    }
  }

  #packB(columns: number, from: Expr, own: Expr, panel: number, terms: Local): void {
    const code = this.#code;
    const { lanes } = this.#target;
    const { b } = this.#product;
    const width = this.#columns * lanes.count * lanes.bytes;
    const [pb, to] = [code.keep("i32", from), code.keep("i32", own)];
    code.repeat(code.keep("i32", terms.get), () => {
      this.#each(1, columns, (at, _, offset, count) => {
        const vector = code.keep("v128", lanes.load(pb.get, b.offset + offset * b.along, b.along, count));
        lanes.store(code, to.get, panel + at * lanes.count * lanes.bytes, lanes.bytes, lanes.count, vector);
      });
      code.set(pb, i32.add(pb.get, i32.const(b.down)));
      code.set(to, i32.add(to.get, i32.const(width)));
    });
  }

  #packA(from: Expr, own: Expr, tiles: number, terms: Local): void {
    const code = this.#code;
    const { lanes } = this.#target;
    const { a } = this.#product;
    const to = code.keep("i32", own);
    this.#down([{ ...a, address: from }], (rows, [pa]) => {
      const at = code.keep("i32", pa!);
      code.repeat(code.keep("i32", terms.get), () => {
        for (let row = 0; row < rows; row += lanes.count) {
          const count = Math.min(lanes.count, rows - row);
          const vector = code.keep("v128", lanes.load(at.get, a.offset + row * a.down, a.down, count));
          lanes.store(code, to.get, tiles + row * lanes.bytes, lanes.bytes, count, vector);
        }
        code.set(at, i32.add(at.get, i32.const(a.along)));
        code.set(to, i32.add(to.get, i32.const(this.#rows * lanes.bytes)));
      });
    });
  }
}
