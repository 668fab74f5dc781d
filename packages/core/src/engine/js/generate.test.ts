import { expect, it } from "vitest";
import { hostScalar, leaf } from "../../expr/tensor.js";
import { compileProgram } from "../../program/compile.js";
import { generate } from "./generate.js";

it("writes a momentum step over two tensors as one loop", () => {
  const shapes = { w: [5, 4], b: [4] };
  const writes = Object.entries(shapes).flatMap(([name, shape]) => {
    const m = leaf("m", name, shape)
      .mul(0.9)
      .add(leaf("g", name, shape));
    return [
      { arena: "m", name, value: m },
      { arena: "p", name, value: leaf("p", name, shape).sub(m.mul(hostScalar("rate"))) },
    ];
  });
  const layout = { p: shapes, g: shapes, m: shapes };
  const { text } = generate(compileProgram({ writes, hostScalars: ["rate"] }, layout, "float32"));
  expect(`\n${text}`).toBe(`
return function run(given) {
const h0 = given[0];
{
const v5 = h0;
for (let i0 = 0; i0 < 24; i0++) {
const v0 = b2[i0];
const v2 = v0 * 0.9;
const v3 = b1[i0];
const v4 = v2 + v3;
const v6 = v4 * v5;
const v7 = b0[i0];
const v8 = v7 - v6;
b2[i0] = v4;
b0[i0] = v8;
}
}
};`);
});

it("writes scalars without loops", () => {
  const x = leaf("p", "x", []);
  const { text } = generate(
    compileProgram(
      { writes: [{ arena: "p", name: "x", value: x.sub(x.sub(3).square()) }], hostScalars: [] },
      { p: { x: [] } },
      "float64",
    ),
  );
  expect(`\n${text}`).toBe(`
return function run(given) {
let s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0;
s0 = b0[0];
s1 = 3;
s2 = s0 - s1;
s3 = s2 * s2;
s4 = s0 - s3;
b0[0] = s4;
};`);
});
