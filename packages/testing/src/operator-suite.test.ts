import { type Operator, type OperatorName, operators } from "@downhill/core/engine";
import { describe, expect, it } from "vitest";
import { operatorSamples } from "./operator-samples.js";
import { operatorSuite } from "./operator-suite.js";

describe("core's operators", () => {
  it.each(operatorSuite.map((check) => [check.title, check] as const))("%s", (_, check) =>
    check.run(operators),
  );

  it("are all looked at, but for those that compute nothing", () => {
    const silent: OperatorName[] = ["constant", "data", "leaf", "hostScalar", "acrossParameters"];
    expect(
      Object.keys(operators)
        .filter((name) => !(name in operatorSamples))
        .sort(),
    ).toEqual(silent.sort());
  });
});

/** Rows with one mistake each; the suite must find every one. */
const mutants: Partial<Record<OperatorName, Partial<Operator>>> = {
  sub: { derivative: (g) => [g, g] },
  div: { derivative: (g, y, [, b]) => [g.div(b!), g.mul(y).div(b!)] },
  tanh: { derivative: (g, y) => [g.mul(y.neg().add(1))] },
  maximum: { derivative: (g, _, [a, b]) => [g.mul(a!.lt(b!)), g.mul(b!.lt(a!))] },
  softmax: { derivative: (g, y, _, { axis }) => [y.mul(g.sub(g.sum(axis, { keepDims: true })))] },
  matmul: { derivative: (g, _, [a, b]) => [g.matmul(b!), a!.matmul(g)] },
  broadcastTo: {
    derivative: (g, _, [x]) => [
      g
        .slice(
          g.shape.map(() => 0),
          [...g.shape.slice(x!.shape.length).map(() => 1), ...x!.shape],
        )
        .reshape(x!.shape),
    ],
  },
  softplus: { lower: ([a]) => a!.maximum(0).add(a!.abs().exp().log1p()) },
  logSumExp: { lower: ([x], { axes }) => x!.sub(x!.max()).exp().sum(axes).log() },
  prod: { value: ([x], _, shape) => new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(x!.data[0]!) },
};

describe("a mistake in an operator is found", () => {
  it.each(Object.entries(mutants))("in %s", (name, mutant) => {
    const rows = { ...operators, [name]: { ...operators[name as OperatorName], ...mutant } };
    const failed = operatorSuite.filter((check) => {
      try {
        check.run(rows);
        return false;
      } catch {
        return true;
      }
    });
    expect(failed.map((check) => check.title.split(":")[0])).toContain(name);
  });
});
