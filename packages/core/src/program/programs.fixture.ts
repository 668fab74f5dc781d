import type { Shape } from "../expr/shape.js";
import { constant, hostScalar, leaf, type Tensor } from "../expr/tensor.js";
import { gradients } from "../gradient/reverse.js";
import type { Layout, Program, Write } from "./program.js";

export interface Example {
  readonly layout: Layout;
  readonly program: Program;
}

type Shapes = Readonly<Record<string, Shape>>;

/** Kingma & Ba 2015, algorithm 1, as PyTorch computes it; with a decay apart it is AdamW. */
function adam(
  p: Tensor,
  g: Tensor,
  m: Tensor,
  v: Tensor,
  decay?: Tensor,
): { p: Tensor; m: Tensor; v: Tensor } {
  const [rate, t] = [hostScalar("rate"), hostScalar("t")];
  const [beta1, beta2] = [constant(0.9), constant(0.999)];
  const mixed = (beta: Tensor, old: Tensor, x: Tensor) => beta.mul(old).add(beta.neg().add(1).mul(x));
  const unbiased = (beta: Tensor) => beta.pow(t).neg().add(1);
  const [next, square] = [mixed(beta1, m, g), mixed(beta2, v, g.square())];
  const step = rate
    .div(unbiased(beta1))
    .mul(next)
    .div(square.div(unbiased(beta2)).sqrt().add(1e-8));
  return { p: (decay ? p.mul(decay.neg().add(1)) : p).sub(step), m: next, v: square };
}

/** An Adam update of parameters whose gradients are given, as those of `bind` are. */
export function adamUpdate(
  shapes: Shapes,
  options: { readonly clip?: number; readonly decay?: number } = {},
): Example {
  const layout = { p: shapes, g: shapes, m: shapes, v: shapes };
  const gradient = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, leaf("g", name, shape)]),
  );
  return { layout, program: { writes: updates(shapes, gradient, options), hostScalars: ["rate", "t"] } };
}

function updates(
  shapes: Shapes,
  gradient: Readonly<Record<string, Tensor>>,
  { clip, decay }: { readonly clip?: number; readonly decay?: number } = {},
): Write[] {
  const norm = Object.values(gradient)
    .map((g) => g.square().sum())
    .reduce((a, b) => a.add(b))
    .sqrt();
  return Object.entries(shapes).flatMap(([name, shape]) => {
    const g = gradient[name]!;
    const clipped = clip === undefined ? g : g.mul(norm.add(1e-6).pow(-1).mul(clip).minimum(1));
    const rate = decay === undefined ? undefined : hostScalar("rate").mul(decay);
    const next = adam(leaf("p", name, shape), clipped, leaf("m", name, shape), leaf("v", name, shape), rate);
    return (["p", "m", "v"] as const).map((arena) => ({ arena, name, value: next[arena] }));
  });
}

/** A training step: value and gradient of a loss, its norm, and an Adam update. */
export function trainingStep(
  shapes: Shapes,
  batch: Shapes,
  loss: (p: Readonly<Record<string, Tensor>>, batch: Readonly<Record<string, Tensor>>) => Tensor,
  options: { readonly clip?: number; readonly norm?: boolean } = {},
): Example {
  const layout = { p: shapes, g: shapes, m: shapes, v: shapes, batch, out: { loss: [], norm: [] } };
  const leaves = (arena: string, list: Shapes) =>
    Object.fromEntries(Object.entries(list).map(([name, shape]) => [name, leaf(arena, name, shape)]));
  const p = leaves("p", shapes);
  const value = loss(p, leaves("batch", batch));
  const list = gradients(value, Object.values(p));
  const gradient = Object.fromEntries(Object.keys(p).map((name, i) => [name, list[i]!]));
  const norm = normOf(list);
  const writes = [
    { arena: "out", name: "loss", value },
    ...(options.norm ? [{ arena: "out", name: "norm", value: norm }] : []),
    ...updates(shapes, gradient, options),
  ];
  const placements = Object.entries(gradient).map(([name, g]) => ({ arena: "g", name, value: g }));
  return { layout, program: { writes, hostScalars: ["rate", "t"], placements } };
}

function normOf(list: readonly Tensor[]): Tensor {
  return list
    .map((g) => g.square().sum())
    .reduce((a, b) => a.add(b))
    .sqrt();
}

/** A net of dense layers with relu between them, and softmax cross-entropy or the mean squared error. */
export function net(
  sizes: readonly number[],
  rows: number,
  loss: "cross-entropy" | "squares",
  norm = false,
): Example {
  const layers = sizes.slice(1).map((_, i) => i);
  const shapes = Object.fromEntries(
    layers.flatMap((i): [string, Shape][] => [
      [`w${i}`, [sizes[i]!, sizes[i + 1]!]],
      [`b${i}`, [sizes[i + 1]!]],
    ]),
  );
  const batch = { x: [rows, sizes[0]!], y: [rows, sizes.at(-1)!] };
  return trainingStep(
    shapes,
    batch,
    (p, { x, y }) => {
      const out = layers.reduce((h, i) => {
        const z = h.matmul(p[`w${i}`]!).add(p[`b${i}`]!);
        return i === layers.length - 1 ? z : z.relu();
      }, x!);
      if (loss === "squares") return out.sub(y!).square().mean();
      return out.logSoftmax().mul(y!).sum(-1).mean().neg();
    },
    { norm },
  );
}
