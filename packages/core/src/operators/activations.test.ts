import { describe, expect, it } from "vitest";
import { js } from "../engine/js/index.js";
import { light } from "../engine/light/index.js";
import { reference } from "../engine/reference.js";
import { leaf } from "../expr/tensor.js";
import { exp } from "../math/index.js";
import type { DType } from "../program/program.js";

describe.each([js(), light(), reference()])("the sigmoid on $name", (engine) => {
  function sigmoid(dtype: DType, x: readonly number[]): number[] {
    const session = engine.open({ io: { x: [x.length] } }, dtype);
    const value = leaf("io", "x", [x.length]).sigmoid();
    session.write("io", "x", x);
    session.load({ writes: [{ arena: "io", name: "x", value }], hostScalars: [] }).run(new Float64Array(0));
    return [...session.read("io", "x")];
  }

  it("is e^x far below zero, down to the smallest number", () => {
    const far = [-40, -89, -100, -103];
    expect(sigmoid("float32", far)).toEqual(far.map((x) => Math.fround(exp(x))));
    const farther = [-40, -700, -709.8, -745];
    expect(sigmoid("float64", farther)).toEqual(farther.map(exp));
  });

  it("ends at 0 and 1, is 1/2 at zero and keeps NaN", () => {
    const x = [-Infinity, -1e5, -0, 0, 1e5, Infinity, NaN];
    for (const dtype of ["float32", "float64"] as const) {
      expect(sigmoid(dtype, x)).toEqual([0, 0, 0.5, 0.5, 1, 1, NaN]);
    }
  });
});
