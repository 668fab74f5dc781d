import { type Prepared, serve } from "../participant.js";
import { numbers, rates, type Spec, sampled } from "../spec.js";
import { net } from "./loop-net.js";

/** Hand-written loops over typed arrays: what a user would write without a library. */
function prepare(spec: Spec): Prepared | undefined {
  if (spec.kind === "update") return update(spec);
  if (spec.kind === "linear") return linear(spec);
  if (spec.kind === "step") return net(spec);
  if (spec.kind === "descent") return rosenbrockStep();
  return spec.kind === "minimize" ? rosenbrock() : undefined;
}

function update({ rule, tensors, length }: Spec & { kind: "update" }): Prepared {
  const make = (seed: number, scale: number) =>
    Array.from({ length: tensors }, (_, i) => Float32Array.from(numbers(seed + i, length, scale)));
  const [p, g, m, v] = [make(10, 0.2), make(50, 1), make(0, 0), make(0, 0)];
  const rate = rates[rule];
  let t = 0;
  const adam = (
    w: Float32Array,
    d: Float32Array,
    first: Float32Array,
    second: Float32Array,
    decay: number,
  ) => {
    const [c1, c2] = [1 - 0.9 ** t, 1 - 0.999 ** t];
    for (let i = 0; i < length; i++) {
      first[i] = 0.9 * first[i]! + 0.1 * d[i]!;
      second[i] = 0.999 * second[i]! + 0.001 * d[i]! * d[i]!;
      w[i] = w[i]! * (1 - rate * decay) - (rate * (first[i]! / c1)) / (Math.sqrt(second[i]! / c2) + 1e-8);
    }
  };
  const rules = {
    adam: (i: number) => adam(p[i]!, g[i]!, m[i]!, v[i]!, 0),
    adamw: (i: number) => adam(p[i]!, g[i]!, m[i]!, v[i]!, 0.01),
    lion: (i: number) => {
      const [w, d, first] = [p[i]!, g[i]!, m[i]!];
      for (let j = 0; j < length; j++) {
        w[j] = w[j]! - rate * Math.sign(0.9 * first[j]! + 0.1 * d[j]!);
        first[j] = 0.99 * first[j]! + 0.01 * d[j]!;
      }
    },
    momentum: (i: number) => {
      const [w, d, first] = [p[i]!, g[i]!, m[i]!];
      for (let j = 0; j < length; j++) {
        first[j] = 0.9 * first[j]! + d[j]!;
        w[j] = w[j]! - rate * first[j]!;
      }
    },
  };
  return {
    run() {
      t++;
      for (let i = 0; i < tensors; i++) rules[rule](i);
    },
    result: () => sampled(p[0]!),
  };
}

function linear({ rows, columns }: Spec & { kind: "linear" }): Prepared {
  const x = Float32Array.from(numbers(1, rows * columns));
  const y = Float32Array.from(numbers(2, rows));
  const w = Float32Array.from(numbers(10, columns, 0.2));
  const b = Float32Array.from(numbers(11, 1, 0.2));
  const g = new Float64Array(columns);
  let loss = 0;
  return {
    run() {
      g.fill(0);
      let [gb, sum] = [0, 0];
      for (let i = 0, at = 0; i < rows; i++, at += columns) {
        let r = b[0]! - y[i]!;
        for (let j = 0; j < columns; j++) r += x[at + j]! * w[j]!;
        sum += r * r;
        gb += r;
        for (let j = 0; j < columns; j++) g[j]! += x[at + j]! * r;
      }
      loss = sum / rows;
      const scale = (2 * rates.descent) / rows;
      for (let j = 0; j < columns; j++) w[j] = w[j]! - scale * g[j]!;
      b[0] = b[0]! - scale * gb;
    },
    result: () => [loss, ...sampled(w)],
  };
}

function rosenbrock(): Prepared {
  let end: number[] = [];
  return {
    run() {
      let [x, y, mx, my, vx, vy] = [-1.2, 1, 0, 0, 0, 0];
      for (let t = 1; t <= 1000; t++) {
        const gx = 2 * (x - 1) - 400 * x * (y - x * x);
        const gy = 200 * (y - x * x);
        mx = 0.9 * mx + 0.1 * gx;
        my = 0.9 * my + 0.1 * gy;
        vx = 0.999 * vx + 0.001 * gx * gx;
        vy = 0.999 * vy + 0.001 * gy * gy;
        const [c1, c2] = [1 - 0.9 ** t, 1 - 0.999 ** t];
        x -= (0.02 * (mx / c1)) / (Math.sqrt(vx / c2) + 1e-8);
        y -= (0.02 * (my / c1)) / (Math.sqrt(vy / c2) + 1e-8);
      }
      end = [x, y];
    },
    result: () => end,
  };
}

/** One Adam step with value and gradient norm. */
function rosenbrockStep(): Prepared {
  // In memory between steps, as a library has them.
  const s = Float64Array.of(-1.2, 1, 0, 0, 0, 0, 0, 0);
  let t = 0;
  return {
    run() {
      t++;
      const [x, y] = [s[0]!, s[1]!];
      const [d, u] = [x - 1, y - x * x];
      const gx = 2 * d - 400 * x * u;
      const gy = 200 * u;
      s[6] = d * d + 100 * u * u;
      s[7] = Math.sqrt(gx * gx + gy * gy);
      const [c1, c2] = [1 - 0.9 ** t, 1 - 0.999 ** t];
      s[2] = 0.9 * s[2]! + 0.1 * gx;
      s[3] = 0.9 * s[3]! + 0.1 * gy;
      s[4] = 0.999 * s[4]! + 0.001 * gx * gx;
      s[5] = 0.999 * s[5]! + 0.001 * gy * gy;
      s[0] = x - (rates.adam * (s[2]! / c1)) / (Math.sqrt(s[4]! / c2) + 1e-8);
      s[1] = y - (rates.adam * (s[3]! / c1)) / (Math.sqrt(s[5]! / c2) + 1e-8);
    },
    result: () => s.slice(0, 2),
  };
}

await serve(prepare);
