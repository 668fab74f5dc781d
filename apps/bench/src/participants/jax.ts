import { type Prepared, serve } from "../participant.js";
import { netShapes, numbers, rates, type Spec, sampled, sizeOf } from "../spec.js";

// On Node 20, jax-js needs one before it is imported.
(globalThis as { navigator?: object }).navigator ??= {};
const { init, jit, numpy: np, valueAndGrad, nn } = await import("@jax-js/jax");
await init("wasm");

type Arr = InstanceType<typeof np.Array>;
type Tree = Record<string, Arr>;
const floats = (seed: number, shape: readonly number[], scale = 1): Arr =>
  np.array(Float32Array.from(numbers(seed, sizeOf(shape), scale))).reshape([...shape]);

function netLoss(sizes: readonly number[], classes: boolean) {
  return (p: Tree, x: Arr, y: Arr): Arr => {
    let h = x;
    for (let i = 0; i + 1 < sizes.length; i++) {
      h = np.matmul(h, p[`w${i}`]!).add(p[`b${i}`]!);
      if (i + 2 < sizes.length) h = nn.relu(h);
    }
    if (classes) return nn.logSoftmax(h).mul(y).sum(1).mean().neg() as Arr;
    return np.square(h.sub(y)).mean() as Arr;
  };
}

/** Adam of one tensor; `correction` holds 1 - β^t of both moments. */
function adamOf(p: Arr, g: Arr, m: Arr, v: Arr, c1: Arr, c2: Arr): [Arr, Arr, Arr] {
  const nextM = m.mul(0.9).add(g.ref.mul(0.1));
  const nextV = v.mul(0.999).add(np.square(g).mul(0.001));
  const step = nextM.ref
    .div(c1)
    .mul(rates.adam)
    .div(np.sqrt(nextV.ref.div(c2)).add(1e-8));
  return [p.sub(step), nextM, nextV];
}

function adamAll(p: Tree, g: Tree, m: Tree, v: Tree, c1: Arr, c2: Arr): [Tree, Tree, Tree] {
  const next: [Tree, Tree, Tree] = [{}, {}, {}];
  for (const name of Object.keys(p)) {
    adamOf(p[name]!, g[name]!, m[name]!, v[name]!, c1.ref, c2.ref).forEach((x, i) => {
      next[i]![name] = x;
    });
  }
  c1.dispose();
  c2.dispose();
  return next;
}

const zerosLike = (shapes: Record<string, number[]>): Tree =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, np.zeros(shape)]));
const start = (shapes: Record<string, number[]>, seed: number, scale: number): Tree =>
  Object.fromEntries(
    Object.entries(shapes).map(([name, shape], i) => [name, floats(seed + i, shape, scale)]),
  );

function prepare(spec: Spec): Prepared | undefined {
  if (spec.kind === "step") {
    const { sizes, classes, batch } = spec;
    const last = sizes.at(-1)!;
    const x = floats(1, [batch, sizes[0]!]);
    const hot = Float32Array.from({ length: batch * last }, (_, i) =>
      Number(i % last === Math.floor(i / last) % last),
    );
    const y = classes ? np.array(hot).reshape([batch, last]) : floats(2, [batch, last]);
    const loss = netLoss(sizes, classes);
    const step = jit((p: Tree, m: Tree, v: Tree, c1: Arr, c2: Arr, rows: Arr, target: Arr) => {
      const refs = Object.fromEntries(Object.entries(p).map(([name, w]) => [name, w.ref]));
      const [value, g] = valueAndGrad(loss)(refs, rows, target) as unknown as [Arr, Tree];
      return [value, ...adamAll(p, g, m, v, c1, c2)] as [Arr, Tree, Tree, Tree];
    });
    const shapes = netShapes(sizes);
    let [p, m, v] = [start(shapes, 10, 0.2), zerosLike(shapes), zerosLike(shapes)];
    let [t, value] = [0, Number.NaN];
    return {
      run() {
        t++;
        const next = step(p, m, v, np.array(1 - 0.9 ** t), np.array(1 - 0.999 ** t), x.ref, y.ref) as [
          Arr,
          Tree,
          Tree,
          Tree,
        ];
        [, p, m, v] = next;
        value = next[0].dataSync()[0]!;
      },
      result: () => [value, ...sampled(p.w0!.ref.dataSync())],
    };
  }
  if (spec.kind === "update" && spec.rule === "adam") {
    const shapes = Object.fromEntries(
      Array.from({ length: spec.tensors }, (_, i) => [`w${i}`, [spec.length]]),
    );
    const g = start(shapes, 50, 1);
    const step = jit(adamAll);
    let [p, m, v] = [start(shapes, 10, 0.2), zerosLike(shapes), zerosLike(shapes)];
    let t = 0;
    return {
      run() {
        t++;
        const refs = Object.fromEntries(Object.entries(g).map(([name, x]) => [name, x.ref]));
        [p, m, v] = step(p, refs, m, v, np.array(1 - 0.9 ** t), np.array(1 - 0.999 ** t)) as [
          Tree,
          Tree,
          Tree,
        ];
        p.w0!.ref.dataSync();
      },
      result: () => sampled(p.w0!.ref.dataSync()),
    };
  }
  if (spec.kind === "matmul" && spec.dtype === "float32") {
    const [a, b] = [floats(1, [spec.n, spec.n]), floats(2, [spec.n, spec.n])];
    const product = jit((x: Arr, y: Arr) => np.matmul(x, y));
    let last: ArrayLike<number> = [];
    const run = () => {
      last = product(a.ref, b.ref).dataSync();
    };
    return { run, result: () => sampled(last) };
  }
  return undefined;
}

await serve(prepare);
