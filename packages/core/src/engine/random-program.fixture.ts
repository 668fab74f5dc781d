import { concat, data, maximum, minimum, random, where } from "../expr/functions.js";
import { type Shape, sameShape, sizeOf } from "../expr/shape.js";
import { constant, hostScalar, leaf, type Tensor } from "../expr/tensor.js";
import type { DType, Layout, Program, Write } from "../program/program.js";

/** Numbers that depend on a seed alone (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Squares among them: there a transposed index looks right. */
const slots: Readonly<Record<string, Shape>> = {
  a: [3, 4],
  b: [4],
  c: [],
  d: [3, 1],
  e: [2, 3, 4],
  f: [4, 3],
  h: [1],
  q: [3, 3],
  r: [4, 4],
};
const layout: Layout = { p: slots, m: slots, g: slots, x: { rows: [5, 4], wide: [3, 6], scalar: [] } };

export interface RandomProgram {
  readonly layout: Layout;
  readonly program: Program;
  /** Slots with the same numbers on every engine after a run: others may hold a placed value. */
  readonly defined: readonly { readonly arena: string; readonly name: string }[];
}

/**
 * A program of random operators that writes random slots in place from values that read any of them. Values stay near
 * 1, so that rounding does not grow. In float32, where engines round at different places, comparisons and steps are
 * taken of given numbers only.
 */
export function randomProgram(seed: number, dtype: DType): RandomProgram {
  const next = seeded(seed);
  const whole = (n: number) => Math.floor(next() * n);
  const pick = <T>(list: readonly T[]): T => list[whole(list.length)]!;
  const chance = (p: number) => next() < p;

  const given: Tensor[] = [];
  for (const arena of ["p", "m"]) {
    for (const [name, shape] of Object.entries(slots)) if (chance(0.6)) given.push(leaf(arena, name, shape));
  }
  for (const [name, shape] of Object.entries(slots)) if (chance(0.05)) given.push(leaf("g", name, shape));
  given.push(leaf("x", "rows", [chance(0.5) ? 5 : 2, 4]), leaf("x", "wide", [3, 6]), leaf("x", "scalar", []));
  given.push(data([0.5, -1, 0.25, 2], [4]), data([0.1, 0.2, 0.3, 0.4, -0.5, 0.6], [3, 2]));
  given.push(hostScalar("rate"), hostScalar("t"), constant(0.5), constant(-1.25, [3, 4]));
  const pool = [...given];

  const calm = (x: Tensor) => x.abs().add(0.5);
  const axesOf = (x: Tensor) => x.shape.map((_, axis) => axis).filter(() => chance(0.5));
  const matching = (x: Tensor, shape: Shape): Tensor => {
    if (sizeOf(x.shape) === sizeOf(shape)) return x.reshape(shape);
    const all = x.mean();
    const fits = x.shape.every((n, i) => n === 1 || n === shape[shape.length - x.shape.length + i]);
    return fits && x.shape.length <= shape.length ? x.broadcastTo(shape) : all.broadcastTo(shape);
  };

  const unary: ((x: Tensor) => Tensor)[] = [
    (x) => x.neg(),
    (x) => x.abs(),
    (x) => x.square().mul(0.5),
    (x) => x.tanh(),
    (x) => calm(x).sqrt(),
    (x) => calm(x).rsqrt(),
    (x) => calm(x).log(),
    (x) => x.tanh().exp(),
    (x) => x.sigmoid(),
    (x) => x.relu(),
    (x) => x.gelu(),
    (x) => x.softplus(),
    (x) => x.sin(),
    (x) => x.cos(),
    (x) => x.tanh().expm1(),
    (x) => calm(x).log1p(),
    (x) => x.clamp(-1, 0.75),
    (x) => calm(x).pow(pick([0.5, 1, 2, 1.5])),
    (x) => x.mul(pick([1, -1, 0.5, 2])),
    (x) => x.div(pick([1, 2, 4, 3])),
    (x) => x.stopGradient(),
  ];
  const binary: ((x: Tensor, y: Tensor) => Tensor)[] = [
    (x, y) => x.add(y),
    (x, y) => x.sub(y),
    (x, y) => x.mul(y).mul(0.5),
    (x, y) => x.div(calm(y)),
    (x, y) => minimum(x, y),
    (x, y) => maximum(x, y),
    (x, y) => x.atan2(calm(y)),
  ];
  const reductions: ((x: Tensor, axes: number[], keepDims: boolean) => Tensor)[] = [
    (x, axes, keepDims) => x.sum(axes, { keepDims }).div(4),
    (x, axes, keepDims) => x.mean(axes, { keepDims }),
    (x, axes, keepDims) => x.max(axes, { keepDims }),
    (x, axes, keepDims) => x.min(axes, { keepDims }),
    (x, axes, keepDims) => x.tanh().prod(axes, { keepDims }),
    (x, axes, keepDims) => x.norm(axes, { keepDims }),
    (x, axes, keepDims) => x.logSumExp(axes, { keepDims }),
  ];
  const views: ((x: Tensor) => Tensor)[] = [
    (x) => x.transpose(),
    (x) => x.reshape([sizeOf(x.shape)]),
    (x) => (sizeOf(x.shape) % 2 === 0 ? x.reshape([2, -1]) : x),
    (x) => (sizeOf(x.shape) % 3 === 0 ? x.reshape([-1, 3]) : x.reshape([1, -1])),
    (x) => {
      const begin = x.shape.map((n) => whole(n));
      return x.slice(
        begin,
        x.shape.map((n, i) => 1 + whole(n - begin[i]!)),
      );
    },
    (x) => {
      const axis = whole(x.shape.length);
      const one = x.shape.map((n, i) => (i === axis ? 1 : n));
      return x
        .slice(
          x.shape.map((n, i) => (i === axis ? whole(n) : 0)),
          one,
        )
        .broadcastTo(x.shape);
    },
    (x) => (x.shape.length < 3 ? x.broadcastTo([2, ...x.shape]) : x),
    (x) =>
      x.pad(
        x.shape.map(() => whole(2)),
        x.shape.map(() => whole(2)),
      ),
    (x) => (x.shape.length > 0 ? concat([x, pick([x, x.mul(2), x.neg()])], whole(x.shape.length)) : x),
  ];
  /** What several tensors have in common: a norm, a scalar made of scalars, an order that matters. */
  const several = (): Tensor => {
    const [x, y] = [pick(pool), pick(pool)];
    const same = matching(y, x.shape);
    const made = [
      () =>
        [x, y, pick(pool)]
          .map((each) => each.square().sum())
          .reduce((a, b) => a.add(b))
          .div(8),
      () =>
        concat([x.mean().reshape([1]), y.mean().reshape([1])])
          .slice([whole(2)], [1])
          .reshape([]),
      () => x.sub(same).mul(same.sub(x)),
      () => where(x.lt(2), x.div(calm(same)), same.div(calm(x))),
    ];
    return pick(made)();
  };
  const product = (x: Tensor): Tensor => {
    if (x.shape.length === 0) return x;
    const fitting = pool.filter(
      (y) => y.shape.length > 0 && y.shape.length < 3 && y.shape.at(-2) === x.shape.at(-1),
    );
    const other = fitting.length > 0 && chance(0.7) ? pick(fitting) : x.shape.length < 2 ? x : x.transpose();
    const fits = (other.shape.at(-2) ?? other.shape[0]) === x.shape.at(-1);
    return fits && other.shape.length <= 2 ? x.matmul(other).tanh() : x;
  };
  const indexed = (x: Tensor): Tensor => {
    if (x.shape.length === 0) return x;
    const axis = whole(x.shape.length);
    const length = x.shape[axis]!;
    const list = data(
      Array.from({ length: 3 }, () => whole(length + (chance(0.1) ? 2 : 0)) - (chance(0.05) ? 1 : 0)),
    );
    const gathered = x.gather(list, axis);
    return chance(0.5) ? gathered.scatterAdd(list, length + whole(2), axis) : gathered;
  };
  const sharp = (x: Tensor, y: Tensor): Tensor => {
    const made: ((a: Tensor, b: Tensor) => Tensor)[] = [
      (a, b) => a.lt(b),
      (a, b) => a.ge(b),
      (a, b) => a.eq(b).add(a.ne(0.5)),
      (a, b) => where(a.gt(b), a, b.mul(0.5)),
      (a) => a.mul(4).floor().div(8),
      (a) => a.sign(),
      (a) => a.isFinite(),
      (a) => a.abs().mul(2).floor().oneHot(3),
    ];
    return pick(made)(x, y);
  };

  for (let i = 4 + whole(14); i > 0; i--) {
    const x = pick(pool);
    const roll = next();
    let made: Tensor;
    if (roll < 0.22) made = pick(unary)(x);
    else if (roll < 0.46) made = pick(binary)(x, matching(pick(pool), x.shape));
    else if (roll < 0.62) made = pick(reductions)(x, axesOf(x), chance(0.5));
    else if (roll < 0.77) made = pick(views)(x);
    else if (roll < 0.82) made = product(x);
    else if (roll < 0.86) made = indexed(x);
    else if (roll < 0.9) made = x.shape.length > 0 ? (chance(0.5) ? x.softmax() : x.logSoftmax()) : x;
    else if (roll < 0.96) made = several();
    else if (roll < 0.97) made = random.uniform(hostScalar("key"), x.shape, whole(3)).add(x);
    else {
      const first = pick(dtype === "float64" ? pool : given);
      made = sharp(
        first,
        dtype === "float64" ? matching(pick(pool), first.shape) : constant(0.17, first.shape),
      );
    }
    if (sizeOf(made.shape) <= 300) pool.push(made);
  }

  const writes: Write[] = [];
  const placements: Write[] = [];
  const valueFor = (shape: Shape): Tensor => {
    const same = pool.filter((x) => sameShape(x.shape, shape));
    return matching(pick(chance(0.5) && same.length > 0 ? same : pool.slice(-8)), shape);
  };
  const entries = Object.entries(slots);
  if (chance(0.5)) {
    // One rule for all slots, whose kernels should become one; sometimes with what they have in common.
    const gradients = entries.map(([name, shape]) => ({ arena: "g", name, value: valueFor(shape) }));
    const total = gradients.map(({ value }) => value.square().sum()).reduce((a, b) => a.add(b));
    const scale = chance(0.5) ? total.add(1).rsqrt() : constant(0.5);
    if (chance(0.8)) placements.push(...gradients);
    for (const { name, value } of gradients) {
      const m = leaf("m", name, slots[name]!).mul(0.5).add(value.mul(scale));
      const old = leaf("p", name, slots[name]!);
      writes.push({ arena: "p", name, value: old.mul(0.5).sub(m.mul(hostScalar("rate"))) });
      if (chance(0.9)) writes.push({ arena: "m", name, value: chance(0.9) ? m : valueFor(slots[name]!) });
    }
  } else {
    for (const arena of ["p", "m"]) {
      for (const [name, shape] of entries)
        if (chance(0.5)) writes.push({ arena, name, value: valueFor(shape) });
    }
    for (const [name, shape] of entries)
      if (chance(0.5)) placements.push({ arena: "g", name, value: valueFor(shape) });
  }
  for (const [name, shape] of entries)
    if (chance(0.05)) writes.push({ arena: "g", name, value: valueFor(shape) });
  if (chance(0.5) && writes.length > 0) {
    // A slot's new value and its old one, used beside one another after the write.
    const { arena, name, value } = pick(writes);
    const first = (x: Tensor) =>
      x
        .slice(
          x.shape.map(() => 0),
          x.shape.map(() => 1),
        )
        .reshape([]);
    const old = leaf(arena, name, value.shape);
    const both = [
      () => first(value).sub(first(old).tanh()),
      () => value.square().sum().sub(old.sum()).div(8),
    ];
    writes.push({ arena: "x", name: "scalar", value: pick(both)().add(pick(pool).mean()) });
  }
  const distinct = new Map(writes.map((write) => [`${write.arena}:${write.name}`, write]));
  const program = { writes: [...distinct.values()], hostScalars: ["rate", "t", "key"], placements };
  const defined = Object.entries(layout).flatMap(([arena, names]) =>
    Object.keys(names).flatMap((name) =>
      arena !== "g" || distinct.has(`g:${name}`) ? [{ arena, name }] : [],
    ),
  );
  return { layout, program, defined };
}
