import { expect, it } from "vitest";
import { where } from "../expr/functions.js";
import { constant, hostScalar, leaf } from "../expr/tensor.js";
import { compileProgram } from "./compile.js";
import { evaluateHost } from "./evaluate-host.js";

it("computes what depends on given scalars alone, in float64, from any number of operands", () => {
  const [rate, t] = [hostScalar("rate"), hostScalar("t")];
  const warm = where(t.lt(10), rate.mul(t).div(10), rate);
  const value = leaf("p", "x", [3]).mul(warm.div(constant(0.9).pow(t).neg().add(1)));
  const program = { writes: [{ arena: "p", name: "x", value }], hostScalars: ["t", "rate"] };
  const plan = compileProgram(program, { p: { x: [3] } }, "float32");
  const values = new Float64Array(plan.host.length);
  for (const step of [1, 7, 12]) {
    evaluateHost(plan, Float64Array.of(step, 1e-3), values);
    const expected = (step < 10 ? (1e-3 * step) / 10 : 1e-3) / (1 - 0.9 ** step);
    expect(Math.abs(values.at(-1)! / expected - 1)).toBeLessThan(1e-15);
  }
});
