import { math, type Tensor } from "@downhill/core";
import { leaf } from "@downhill/core/engine";
import "@tensorflow/tfjs-backend-webgl";
import "@tensorflow/tfjs-backend-webgpu";
import "../webgl.js";
import "../webgpu.js";
import { describe, expect, it } from "vitest";
import { tfjs } from "../engine/tfjs.js";

/** Numbers of both signs and all magnitudes between the two, in float32. */
function spread(least: number, most: number, count = 4000): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    const size = least * (most / least) ** ((i >> 1) / (count >> 1));
    return i & 1 ? -size : size;
  });
}

/** The distance in units of the last place of float32. */
function ulps(made: number, exact: number): number {
  if (Object.is(made, exact) || made === Math.fround(exact)) return 0;
  const unit = 2 ** (Math.max(-126, Math.floor(Math.log2(Math.abs(exact)))) - 23);
  return Math.abs(made - exact) / unit;
}

const everywhere = spread(1e-6, 80);
const functions: readonly (readonly [
  string,
  Float32Array,
  (x: Tensor) => Tensor,
  (x: number) => number,
  number,
])[] = [
  ["exp", everywhere, (x) => x.exp(), math.exp, 2],
  ["expm1", everywhere, (x) => x.expm1(), math.expm1, 3],
  ["log", spread(1e-30, 1e30).map(Math.abs), (x) => x.log(), math.log, 2],
  ["log1p", spread(1e-6, 0.9), (x) => x.log1p(), math.log1p, 4],
  ["tanh", everywhere, (x) => x.tanh(), math.tanh, 4],
  ["erf", everywhere, (x) => x.erf(), math.erf, 4],
  ["sin", spread(1e-6, 1e30), (x) => x.sin(), math.sin, 3],
  ["cos", spread(1e-6, 1e30), (x) => x.cos(), math.cos, 3],
  ["sqrt", everywhere.map(Math.abs), (x) => x.sqrt(), Math.sqrt, 3],
  ["x^0.3", spread(1e-20, 1e20).map(Math.abs), (x) => x.pow(0.3), (x) => math.pow(x, Math.fround(0.3)), 8],
  ["x^-2.5", spread(1e-12, 1e12).map(Math.abs), (x) => x.pow(-2.5), (x) => math.pow(x, -2.5), 64],
  ["atan2 of 0.7", everywhere, (x) => x.mul(0).add(0.7).atan2(x), (x) => math.atan2(Math.fround(0.7), x), 4],
];

describe.each(["webgl", "webgpu"])("functions of ours on %s", (backend) => {
  it.each(functions)(
    "%s is good to a few units of the last place",
    async (_, points, traced, exact, bound) => {
      const layout = { x: { x: [points.length] }, y: { y: [points.length] } };
      const session = await tfjs(backend).open(layout, "float32");
      session.write("x", "x", points);
      const value = traced(leaf("x", "x", [points.length]));
      const kernel = await session.load({ writes: [{ arena: "y", name: "y", value }], hostScalars: [] });
      await kernel.run(new Float64Array(0));
      const made = await session.read("y", "y");
      session.dispose();
      let worst = 0;
      points.forEach((x, i) => {
        worst = Math.max(worst, ulps(made[i]!, exact(x)));
      });
      expect(worst).toBeLessThanOrEqual(bound);
    },
  );
});
