import { concat, constant, type Random, randomStream, type Tensor, type Write, where } from "@downhill/core";
import { leaf } from "@downhill/core/engine";
import type { Run } from "./run-program.js";

/**
 * A random program over a few slots of one memory, all of them updated in place from each other's old values, run
 * twice. The same for the same seed.
 *
 * @param rows The most rows that its matrices may have.
 * @param columns And the most columns.
 */
export function randomRun(seed: number, rows = 6, columns = rows): Run {
  const stream = randomStream(seed).fork("random-run");
  const pick = <T>(list: readonly T[]): T => list[stream.integer(list.length)]!;
  const [m, n] = [1 + stream.integer(rows), 1 + stream.integer(columns)];
  const shapes = { a: [m, n], b: [m, n], c: [n], d: [m, 1], s: [] } as const;
  const slots = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, leaf("p", name, shape)]),
  );
  const pool: Tensor[] = Object.values(slots);
  for (let i = 4 + stream.integer(14); i > 0; i--) {
    const next = grow(stream, pool, pick);
    if (next && next.shape.length <= 3) pool.push(next);
  }
  const writes: Write[] = Object.entries(shapes).map(([name, shape]) => {
    const fitting = pool.filter((node) => fits(node, shape));
    // Recent nodes lie deepest.
    const node = fitting[fitting.length - 1 - stream.integer(Math.min(4, fitting.length))]!;
    return { arena: "p", name, value: node.broadcastTo(shape) };
  });
  const given = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      Float64Array.from({ length: shape.reduce<number>((x, y) => x * y, 1) }, () => stream.normal()),
    ]),
  );
  return { layout: { p: shapes }, writes, given: { p: given }, times: 2 };
}

/** A new node on top of the pool, continuous in what it is made of. Values stay bounded, so that rounding does too. */
function grow(
  stream: Random,
  pool: readonly Tensor[],
  pick: <T>(list: readonly T[]) => T,
): Tensor | undefined {
  const x = pick(pool);
  const partners = pool.filter((y) => broadcastable(x, y));
  const y = pick(partners);
  switch (stream.integer(17)) {
    case 0:
      return x.add(y).mul(0.5);
    case 1:
      return x.tanh().mul(y.sigmoid());
    case 2:
      return x.sub(y).abs().minimum(3);
    case 3:
      // Both sides are one number where x = y, for there an engine's rounding decides.
      return where(x.lt(y), x, y.mul(0.7).add(x.mul(0.3)));
    case 4:
      return x.maximum(y).clamp(-2, 2);
    case 5:
      return x.shape.length > 0
        ? x.mean(pick(x.shape.map((_, axis) => axis)), { keepDims: true })
        : x.square().tanh();
    case 6:
      return x.shape.length > 0 ? steady(x, (all) => all.sum(pick(x.shape.map((_, axis) => axis)))) : x.neg();
    case 7:
      return x.shape.length > 0 ? x.max() : x.exp().tanh();
    case 8:
      return x.shape.length === 2 ? steady(x, square) : x.sin();
    case 9:
      return x.shape.length === 2 ? x.transpose().reshape(x.shape) : x.cos();
    case 10:
      return x.shape.length > 0
        ? concat([x, x.neg()], 0).slice(
            x.shape.map((n, axis) => (axis === 0 ? Math.floor(n / 2) : 0)),
            x.shape,
          )
        : x;
    case 11:
      return x.shape.length > 0 ? x.softmax() : x.softplus().sub(1);
    case 12:
      return x.shape.length > 0
        ? x
            .slice(
              x.shape.map(() => 0),
              x.shape.map((n) => Math.max(1, n - 1)),
            )
            .pad(
              x.shape.map((n) => (n > 1 ? 1 : 0)),
              x.shape.map(() => 0),
            )
        : constant(0.3).sub(x);
    case 13:
      return x.norm().add(1).pow(-1).mul(y);
    case 14:
      return x.square().mean();
    case 15: {
      // A number for each row of its own, as a regression has.
      if (x.shape.length !== 2) return x.square().sub(0.5).tanh();
      const rows = pool.filter(({ shape }) => shape.length === 1 && shape[0] === x.shape[1]);
      const weights = pick([x.max(0), ...rows]);
      return steady(x, () => x.matmul(weights.reshape([x.shape[1]!, 1])));
    }
    default: {
      // And one for each column, as its gradient has.
      if (x.shape.length !== 2) return x.sub(y.max());
      const matrices = pool.filter(({ shape }) => shape.length === 2 && shape[0] === x.shape[0]);
      return steady(x, () => x.transpose().matmul(pick(matrices)).sum(1));
    }
  }
}

/** A sum along the longest axis at most, whose rounding never grows however long that is, not even where all terms are one number. */
function steady(x: Tensor, sum: (x: Tensor) => Tensor): Tensor {
  return sum(x)
    .div(Math.max(...x.shape))
    .tanh();
}

/** x·xᵀ·x, from the side where less is to be done, as a mean along the shorter axis. */
function square(x: Tensor): Tensor {
  const [m, n] = x.shape as [number, number];
  const y = m <= n ? x.matmul(x.transpose()).matmul(x) : x.matmul(x.transpose().matmul(x));
  return y.div(Math.min(m, n));
}

function broadcastable(x: Tensor, y: Tensor): boolean {
  const ranks = Math.min(x.shape.length, y.shape.length);
  for (let i = 1; i <= ranks; i++) {
    const [a, b] = [x.shape.at(-i)!, y.shape.at(-i)!];
    if (a !== b && a !== 1 && b !== 1) return false;
  }
  return true;
}

function fits(node: Tensor, shape: readonly number[]): boolean {
  if (node.shape.length > shape.length) return false;
  return node.shape.every((n, i) => n === 1 || n === shape[shape.length - node.shape.length + i]);
}
