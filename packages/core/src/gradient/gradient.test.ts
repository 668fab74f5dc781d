import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leaf } from "../expr/tensor.js";
import {
  checkGradients,
  concat,
  constant,
  data,
  grad,
  hvp,
  maximum,
  minimum,
  type Objective,
  reference,
  type Tensor,
  where,
} from "../index.js";
import type { Start } from "../minimize/start.js";
import { topologicalOrder } from "../program/graph.js";

/** Numbers of a traced expression of parameters, by the reference interpreter. */
function evaluate(
  f: (p: Record<string, Tensor>) => Tensor,
  at: Record<string, number[]>,
  shapes: Record<string, number[]> = {},
): number[] {
  const shapeOf = (name: string) => shapes[name] ?? (at[name]!.length === 1 ? [] : [at[name]!.length]);
  const p = Object.fromEntries(Object.keys(at).map((name) => [name, leaf("parameter", name, shapeOf(name))]));
  const result = f(p);
  const layout = {
    parameter: Object.fromEntries(Object.keys(at).map((n) => [n, shapeOf(n)])),
    output: { y: result.shape },
  };
  const session = reference().open(layout, "float64");
  for (const [name, values] of Object.entries(at)) session.write("parameter", name, values);
  session
    .load({ writes: [{ arena: "output", name: "y", value: result }], hostScalars: [] })
    .run(new Float64Array(0));
  return Array.from(session.read("output", "y"));
}
const gradientAt = (f: Objective<{ x: number }>, x: number) =>
  evaluate((p) => grad(f as never)(p).x!, { x: [x] })[0];

const unary: Record<string, [(x: Tensor) => Tensor, number[]]> = {
  neg: [(x) => x.neg(), [-2, 0.5]],
  abs: [(x) => x.abs(), [-2, 0.5]],
  square: [(x) => x.square(), [-2, 0.5]],
  sqrt: [(x) => x.sqrt(), [0.3, 4]],
  cbrt: [(x) => x.cbrt(), [-3, 0.3, 4]],
  rsqrt: [(x) => x.rsqrt(), [0.3, 4]],
  exp: [(x) => x.exp(), [-3, 0.3, 2]],
  expm1: [(x) => x.expm1(), [-3, 1e-3, 2]],
  log: [(x) => x.log(), [0.3, 4]],
  log1p: [(x) => x.log1p(), [-0.5, 0.3, 4]],
  sin: [(x) => x.sin(), [-3, 0.3, 2]],
  cos: [(x) => x.cos(), [-3, 0.3, 2]],
  tanh: [(x) => x.tanh(), [-3, 0.3, 2]],
  erf: [(x) => x.erf(), [-3, 0.3, 2]],
  sigmoid: [(x) => x.sigmoid(), [-30, 0.3, 2]],
  softplus: [(x) => x.softplus(), [-30, 0.3, 20]],
  relu: [(x) => x.relu(), [-3, 0.3]],
  leakyRelu: [(x) => x.leakyRelu(0.1), [-3, 0.3]],
  gelu: [(x) => x.gelu(), [-3, 0.3, 2]],
  elu: [(x) => x.elu(0.7), [-3, 0.3, 2]],
  clamp: [(x) => x.clamp(-1, 1), [-3, 0.3, 2]],
  pow: [(x) => x.pow(2.5), [0.3, 2]],
  "integer power of a negative number": [(x) => x.pow(3), [-1.5, 2]],
  "power of a base": [(x) => constant(1.7).pow(x), [-1.5, 2]],
  div: [(x) => constant(3).div(x), [-1.5, 2]],
  atan2: [(x) => x.atan2(0.7).add(constant(0.3).atan2(x)), [-1.5, 2]],
  minimum: [(x) => minimum(x, x.mul(2).sub(1)), [0.3, 2]],
  maximum: [(x) => maximum(x, x.mul(2).sub(1)), [0.3, 2]],
  where: [(x) => where(x.gt(1), x.square(), x.mul(3)), [0.3, 2]],
};

const tensors: Record<string, (a: Tensor, b: Tensor) => Tensor> = {
  "sum over an axis": (a) => a.sum(0).square().sum(),
  "mean over all": (a) => a.square().mean(),
  "mean over an axis, kept": (a) =>
    a
      .sub(a.mean(1, { keepDims: true }))
      .square()
      .sum(),
  "max over an axis": (a) => a.max(1).square().sum(),
  "min over all": (a) => a.min().square(),
  "prod over an axis": (a) => a.prod(1).sum(),
  norm: (a) => a.norm(),
  "norm over an axis": (a) => a.norm(0).sum(),
  dot: (a, b) => a.dot(b.transpose()),
  logSumExp: (a) => a.logSumExp(1).square().sum(),
  softmax: (a) => a.softmax().square().sum(),
  "softmax along the first axis": (a) => a.softmax(0).square().sum(),
  logSoftmax: (a) =>
    a
      .logSoftmax()
      .mul(data([1, 2, 3]))
      .sum(),
  matmul: (a, b) => a.matmul(b).square().sum(),
  "matrix times vector": (a) =>
    a
      .matmul(data([1, -2, 0.5]))
      .square()
      .sum(),
  "vector times matrix": (a) => data([1, -2]).matmul(a).square().sum(),
  "batched matmul": (a, b) =>
    concat([a.reshape([1, 2, 3]), a.neg().reshape([1, 2, 3])])
      .matmul(b)
      .tanh()
      .sum(),
  transpose: (a) =>
    a
      .transpose()
      .mul(data([1, 2, 3, 4, 5, 6], [3, 2]))
      .square()
      .sum(),
  reshape: (a) =>
    a
      .reshape([3, -1])
      .mul(data([1, 2, 3, 4, 5, 6], [3, 2]))
      .sum()
      .square(),
  broadcast: (a) =>
    a
      .mul(data([1, 2], [2, 1]))
      .add(data([1, 2, 3]))
      .square()
      .sum(),
  slice: (a) => a.slice([0, 1], [2, -1]).square().sum(),
  pad: (a) => a.pad([1, 0], [0, 2]).add(1).square().sum(),
  concat: (a, b) =>
    concat([a, b.transpose()], 1)
      .mul(data([1, 2, 3, 4, 5, 6]))
      .square()
      .sum(),
  gather: (a) =>
    a
      .gather(data([1, 0, 1]))
      .square()
      .sum(),
  "gather along the last axis": (a) =>
    a
      .gather(data([2, 2, 0, 1], [2, 2]), 1)
      .square()
      .sum(),
  scatterAdd: (a) =>
    a
      .scatterAdd(data([3, 1]), 5)
      .add(1)
      .square()
      .sum(),
};

describe("gradients agree with central differences", () => {
  it.each(Object.entries(unary))("of %s", (_, [f, points]) => {
    for (const x of points) {
      const found = checkGradients(({ x }) => f(x).mul(1.3), { x });
      expect(found.ok, `at ${x}: ${found.why}`).toBe(true);
    }
  });

  it.each(Object.entries(tensors))("of %s", (_, f) => {
    const a = { data: Float64Array.of(0.3, -1.2, 2.1, 0.8, 1.7, -0.4), shape: [2, 3] };
    const b = { data: Float64Array.of(1.1, 0.2, -0.7, 0.9, 0.35, -1.6), shape: [3, 2] };
    const found = checkGradients(({ a, b }) => f(a, b).add(b.sum().mul(0)), { a, b });
    expect(found.ok, found.why).toBe(true);
  });

  it.each(Object.entries(tensors))("twice, through %s", (_, f) => {
    const at = {
      a: [0.3, -1.2, 2.1, 0.8, 1.7, -0.4],
      b: [1.1, 0.2, -0.7, 0.9, 0.35, -1.6],
      v: [1, 0.5, -1, 0.3, 2, -0.7],
    };
    const shapes = { a: [2, 3], b: [3, 2], v: [2, 3] };
    const along = (p: Record<string, Tensor>) => grad((q: { a: Tensor }) => f(q.a, p.b!))({ a: p.a! }).a;
    const product = evaluate(
      (p) => hvp((q: { a: Tensor }) => f(q.a, p.b!))({ a: p.a! }, { a: p.v! }).a,
      at,
      shapes,
    );
    const h = 1e-5;
    const moved = (sign: number) =>
      evaluate(along, { ...at, a: at.a.map((x, i) => x + sign * h * at.v[i]!) }, shapes);
    const [above, below] = [moved(1), moved(-1)];
    product.forEach((x, i) => {
      expect(x).toBeCloseTo((above[i]! - below[i]!) / (2 * h), 4);
    });
  });
});

describe("gradients where naive rules give NaN", () => {
  it("is 0 for sqrt, cbrt and norm at 0", () => {
    expect(gradientAt(({ x }) => x.sqrt(), 0)).toBe(0);
    expect(gradientAt(({ x }) => x.cbrt(), 0)).toBe(0);
    expect(
      evaluate((p) => grad(({ w }: { w: Tensor }) => w.norm())({ w: p.w! }).w, { w: [0, 0, 0] }),
    ).toEqual([0, 0, 0]);
    expect(gradientAt(({ x }) => x.square().sqrt(), 0)).toBe(0);
  });

  it("stays finite behind a where whose other branch is NaN or infinite", () => {
    expect(gradientAt(({ x }) => where(x.gt(0), x.log(), x.mul(2)), -3)).toBe(2);
    expect(gradientAt(({ x }) => where(x.gt(0), x.sqrt().mul(5), x.mul(2)), -3)).toBe(2);
    expect(gradientAt(({ x }) => where(x.lt(100), x.exp(), x), 1000)).toBe(1);
    expect(gradientAt(({ x }) => where(x.eq(0), 1, x.sin().div(x)), 0)).toBe(0);
  });

  it("guards nothing behind a where that cannot be infinite", () => {
    const guards = (f: (x: Tensor) => Tensor) => {
      const x = leaf("parameter", "x", []);
      const nodes = topologicalOrder(Object.values(grad(({ x }: { x: Tensor }) => f(x))({ x })));
      return nodes.filter(({ op }) => op === "where").length;
    };
    expect(guards((x) => where(x.gt(0), x.mul(2).tanh(), x.sin()))).toBe(2);
    expect(guards((x) => where(x.gt(0), x.mul(2).log(), x.sin()))).toBeGreaterThan(2);
  });

  it("is right for softmax and logSumExp of large logits", () => {
    const w = [1000, 999, -1000];
    const expected = [1 / (1 + Math.exp(-1)), Math.exp(-1) / (1 + Math.exp(-1)), 0];
    const found = evaluate((p) => grad(({ w }: { w: Tensor }) => w.logSumExp())({ w: p.w! }).w, { w });
    found.forEach((g, i) => {
      expect(g).toBeCloseTo(expected[i]!, 15);
    });
    expect(evaluate((p) => p.w!.softmax(), { w }).reduce((a, b) => a + b)).toBeCloseTo(1, 15);
    expect(evaluate((p) => p.w!.logSoftmax(), { w })[2]).toBeCloseTo(-2000 - Math.log(1 + Math.exp(-1)), 9);
  });

  it("shares the gradient of a tie evenly", () => {
    expect(evaluate((p) => grad(({ w }: { w: Tensor }) => w.max())({ w: p.w! }).w, { w: [2, 1, 2] })).toEqual(
      [0.5, 0, 0.5],
    );
    expect(gradientAt(({ x }) => maximum(x, x.neg()), 0)).toBe(0);
    expect(gradientAt(({ x }) => minimum(x.mul(3), x), 0)).toBe(2);
  });

  it("multiplies the others where a product has zeros", () => {
    const product = (w: number[]) =>
      evaluate((p) => grad(({ w }: { w: Tensor }) => w.prod())({ w: p.w! }).w, { w });
    expect(product([2, 0, 3])).toEqual([0, 6, 0]);
    expect(product([0, 0, 3])).toEqual([0, 0, 0]);
  });

  it("passes nothing through stopGradient, comparisons, sign and floor", () => {
    expect(gradientAt(({ x }) => x.stopGradient().mul(x), 3)).toBe(3);
    expect(gradientAt(({ x }) => x.gt(1).add(x.sign()).add(x.floor()), 3)).toBe(0);
  });

  it("follows the conventions that atan2, rsqrt and the exponent of a power document", () => {
    expect(gradientAt(({ x }) => x.atan2(x.mul(2)), 0)).toBe(0);
    expect(gradientAt(({ x }) => x.rsqrt(), 0)).toBe(Number.NEGATIVE_INFINITY);
    expect(gradientAt(({ x }) => constant(-2).pow(x), 2)).toBe(0);
    expect(gradientAt(({ x }) => constant(0).pow(x), 2)).toBe(0);
    expect(gradientAt(({ x }) => x.pow(-1), 0)).toBe(Number.NEGATIVE_INFINITY);
  });

  it("adds nothing through an index that is no whole number or outside", () => {
    const at = data([0.5, 1, 7, -1, 1]);
    const loss = ({ w }: { w: Tensor }) => w.gather(at).sum();
    expect(evaluate((p) => grad(loss)({ w: p.w! }).w, { w: [1, 2, 3] })).toEqual([0, 2, 0]);

    const rows = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const added = ({ w }: { w: Tensor }) => w.scatterAdd(at, 3, 1).square().sum();
    expect(evaluate((p) => grad(added)({ w: p.w! }).w, { w: rows }, { w: [2, 5] })).toEqual([
      0, 14, 0, 0, 14, 0, 34, 0, 0, 34,
    ]);
  });

  it("takes 0 to the power 0 as a constant", () => {
    expect(gradientAt(({ x }) => x.pow(0), 0)).toBe(0);
    expect(gradientAt(({ x }) => x.pow(1), 0)).toBe(1);
    expect(gradientAt(({ x }) => x.pow(2), 0)).toBe(0);
  });
});

describe("laws", () => {
  it("the gradient of a linear combination is the combination of gradients", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (a, x) => {
          const left = gradientAt(({ x }) => x.sin().mul(a).add(x.exp()), x)!;
          expect(left).toBeCloseTo(a * Math.cos(x) + Math.exp(x), 12);
        },
      ),
      { seed: 1 },
    );
  });

  it("the Hessian is symmetric", () => {
    const f = ({ w }: { w: Tensor }) =>
      w
        .slice([0], [2])
        .mul(w.slice([1], [2]).exp())
        .sum()
        .add(w.prod());
    const w = [0.3, -0.8, 1.1];
    const along = (v: number[]) => evaluate((p) => hvp(f)({ w: p.w! }, { w: p.v! }).w, { w, v });
    const rows = [along([1, 0, 0]), along([0, 1, 0]), along([0, 0, 1])];
    rows.forEach((row, i) => {
      row.forEach((x, j) => {
        expect(x).toBeCloseTo(rows[j]![i]!, 14);
      });
    });
  });
});

describe("checkGradients", () => {
  const wrong = (x: Tensor) =>
    x.square().add(x.stopGradient().mul(x).mul(0.1)).sub(x.square().mul(0.1).stopGradient());

  it("finds a wrong gradient, names the parameter and sees its order", () => {
    const found = checkGradients(({ good, bad }) => good.square().sum().add(wrong(bad).sum()), {
      good: [1, 2],
      bad: [0.1, 3, 0.2],
    } satisfies Record<string, Start>);
    expect(found.ok).toBe(false);
    expect(found.worst).toMatchObject({ parameter: "bad", element: 1 });
    expect(Math.abs(found.order)).toBeLessThan(0.5);
    expect(found.why).toContain('element 1 of "bad"');
  });

  it("sees order 2 where the gradient is right", () => {
    const found = checkGradients(({ x }) => x.exp().mul(x.sin()), { x: 0.7 });
    expect(found.ok).toBe(true);
    expect(found.order).toBeGreaterThan(1.8);
    expect(found.order).toBeLessThan(2.2);
  });

  it("says that what is not finite cannot be compared, at its first element", () => {
    const found = checkGradients(({ x, y }) => x.sqrt().sum().add(y.log().sum()), {
      x: [1, 4],
      y: [2, -1, -3],
    } satisfies Record<string, Start>);
    expect(found.ok).toBe(false);
    expect(found.worst).toMatchObject({ parameter: "x", element: 0, error: Number.POSITIVE_INFINITY });
    expect(found.order).toBeNaN();
    expect(found.why).toMatch(
      /cannot be compared .* not finite at element 0 of "x": traced 0\.5, numeric NaN/,
    );
    const infinite = checkGradients(({ x }) => x.mul(1e200).square().sum(), { x: [1e-200, 1e200, 1e201] });
    expect(infinite.why).toContain("cannot be compared");
  });

  it("does not say that they agree along a direction where the value is not finite", () => {
    const found = checkGradients(({ x }) => x.sqrt(), { x: 1e-4 }, { tolerance: 1e-2 });
    expect(found.ok).toBe(true);
    expect(found.order).toBeNaN();
    expect(found.why).toContain("not finite along a random direction");
  });

  it("refuses an objective that is not a scalar", () => {
    expect(() => checkGradients(({ w }) => w.square(), { w: [1, 2] })).toThrow(
      "gradient: expected a scalar, got shape [2]. Reduce it with sum() or mean().",
    );
  });
});
