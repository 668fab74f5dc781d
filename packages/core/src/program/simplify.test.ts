import { describe, expect, it } from "vitest";
import { data, maximum, where } from "../expr/functions.js";
import { constant, hostScalar, leaf, type Tensor } from "../expr/tensor.js";
import { topologicalOrder } from "./graph.js";
import { lower } from "./lower.js";

const x = leaf("p", "x", [3, 4]);
const y = leaf("p", "y", [3, 4]);
const row = leaf("p", "row", [4]);
const s = leaf("p", "s", []);

/** The primitives a value is made of, inputs before users, views and sources left out. */
function primitives(value: Tensor): string[] {
  const silent = ["leaf", "constant", "hostScalar", "data", "iota", "broadcastTo", "reshape", "transpose"];
  return topologicalOrder([lowered(value)]).flatMap(({ op }) => (silent.includes(op) ? [] : [op]));
}

function lowered(value: Tensor): Tensor {
  return lower({ writes: [{ arena: "p", name: "x", value }], hostScalars: [] }).writes[0]!.value;
}

describe("lowering", () => {
  it("leaves primitives only", () => {
    expect(primitives(x.square())).toEqual(["mul"]);
    expect(primitives(x.mean())).toEqual(["sum", "div"]);
    expect(primitives(x.stopGradient().exp())).toEqual(["exp"]);
  });

  it("computes what two expressions share once, whichever way round sums and products are written", () => {
    const value = x.mul(y).exp().add(y.mul(x).exp().neg()).add(x.add(y)).sub(y.add(x));
    expect(primitives(value).filter((op) => op === "exp" || op === "mul")).toEqual(["mul", "exp"]);
  });

  it("tells a - b from b - a", () => {
    expect(primitives(x.sub(y).mul(y.sub(x)))).toEqual(["sub", "sub", "mul"]);
  });

  it("folds constants, keeping their bits", () => {
    expect(
      lowered(constant(0.1).add(0.2).mul(x).sub(x)).inputs[0]!.inputs[0]!.inputs[0]!.attributes.value,
    ).toBe(0.1 + 0.2);
    expect(Object.is(lowered(constant(0).neg()).attributes.value, -0)).toBe(true);
    expect(lowered(constant(1).div(0)).attributes.value).toBe(Number.POSITIVE_INFINITY);
    expect(lowered(constant(Number.NaN).add(1)).attributes.value).toBeNaN();
  });

  it.each([
    ["x · 1", x.mul(1)],
    ["x / 1", x.div(1)],
    ["x - 0", x.sub(0)],
    ["x + -0", x.add(-0)],
    ["--x", x.neg().neg()],
    ["x¹", x.pow(1)],
    ["a choice between x and x", where(y, x, x)],
    ["a choice that is known", where(constant(1, [3, 4]), x, y)],
    ["a transpose of a transpose", x.transpose().transpose()],
    ["a reshape of a reshape", x.reshape([12]).reshape([3, 4])],
    ["all of a tensor", x.slice([0, 0], [3, 4])],
    ["nothing added around", x.pad([0, 0], [0, 0])],
  ])("leaves x of %s", (_, value) => {
    expect(lowered(value)).toMatchObject({ op: "leaf", attributes: { name: "x" } });
  });

  it.each([
    ["x + 0, which turns -0 into 0", x.add(0), ["add"]],
    ["x · 0, which is NaN at infinity", x.mul(0), ["mul"]],
    ["x / 3, which 1/3 does not round alike", x.div(3), ["div"]],
  ])("keeps %s", (_, value, ops) => {
    expect(primitives(value)).toEqual(ops);
  });

  it("multiplies instead of dividing by powers of two", () => {
    expect(primitives(x.div(-8))).toEqual(["mul"]);
    expect(primitives(leaf("p", "z", [8]).mean())).toEqual(["sum", "mul"]);
  });

  it("computes what is the same along an axis before it is stretched", () => {
    const value = lowered(
      s
        .exp()
        .broadcastTo([3, 4])
        .mul(constant(2, [3, 4]))
        .add(x),
    );
    const [stretched] = value.inputs.filter((input) => input.op === "broadcastTo");
    expect(stretched!.inputs[0]).toMatchObject({ op: "mul", shape: [] });
    const perRow = lowered(row.broadcastTo([3, 4]).mul(hostScalar("a")).exp());
    expect(perRow).toMatchObject({ op: "broadcastTo", shape: [3, 4] });
    expect(perRow.inputs[0]).toMatchObject({ op: "exp", shape: [4] });
  });

  it("makes elementwise products of matrix products with one column, row or term", () => {
    expect(primitives(x.matmul(row))).toEqual(["mul", "sum"]);
    expect(primitives(leaf("p", "z", [3]).matmul(x))).toEqual(["mul", "sum"]);
    expect(primitives(leaf("p", "u", [3, 1]).matmul(leaf("p", "v", [1, 4])))).toEqual(["mul"]);
    expect(primitives(x.matmul(y.transpose()))).toEqual(["matmul"]);
  });

  it("transposes the operands of a product, not the product", () => {
    const value = lowered(x.matmul(y.transpose()).transpose());
    expect(value.op).toBe("matmul");
    expect(
      value.inputs.map((input) => [input.op, input.inputs[0]?.attributes.name ?? input.attributes.name]),
    ).toEqual([
      ["leaf", "y"],
      ["transpose", "x"],
    ]);
  });

  it("reduces nothing along axes of length 1 and counts equal terms", () => {
    expect(primitives(leaf("p", "u", [1, 3]).sum(0))).toEqual([]);
    expect(primitives(s.broadcastTo([3, 4]).sum())).toEqual(["mul"]);
    expect(primitives(s.broadcastTo([3, 4]).max())).toEqual([]);
  });

  it("shares the exponentials of log softmax with its gradient", () => {
    const logits = x.logSoftmax();
    const softmax = x.softmax();
    expect(primitives(maximum(logits, softmax)).filter((op) => op === "exp")).toEqual(["exp"]);
  });

  it("takes a single number out of given data", () => {
    expect(lowered(data([0.1 + 0.2], [1, 1]).add(1))).toMatchObject({ op: "broadcastTo", shape: [1, 1] });
  });
});
