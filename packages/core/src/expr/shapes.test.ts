import { describe, expect, it } from "vitest";
import { concat, constant, data, range, ShapeError, type Tensor } from "../index.js";

describe("shapes are refused while tracing", () => {
  const x = constant(0, [3]);
  const matrix = constant(0, [2, 3]);
  const empty = constant(0, [2, 0]);
  it.each<[string, () => Tensor, RegExp]>([
    ["a fractional length", () => constant(0, [1.5]), /broadcastTo: \[1\.5\] is no shape/],
    ["a negative length", () => constant(0, [-1]), /broadcastTo: \[-1\] is no shape/],
    ["negative lengths whose product fits", () => constant(0, [4]).reshape([-2, -2]), /reshape: \[-2, -2\]/],
    ["data of fractional lengths", () => data([1, 2], [0.5, 4]), /data: \[0\.5, 4\] is no shape/],
    ["a fractional range", () => range(2.5), /iota: \[2\.5\] is no shape/],
    ["a fractional depth", () => x.oneHot(2.5), /oneHot: \[3, 2\.5\] is no shape/],
    [
      "a length that does not divide",
      () => x.reshape([2, -1]),
      /reshape: shape \[3\] has 3 elements; no single/,
    ],
    ["a length that may be any", () => constant(0, [0]).reshape([0, -1]), /no single length in place of -1/],
    ["two open lengths", () => x.reshape([-1, -1]), /reshape: \[-1, -1\] leaves several lengths open/],
    ["a fractional begin", () => x.slice([0.5], [1]), /slice: .* expected whole numbers/],
    ["fractional padding", () => x.pad([0.5], [0.5]), /pad: .* expected a whole number/],
    ["concatenated scalars", () => concat([constant(3), constant(4)]), /concat: a scalar has no axis/],
    ["a scalar after a vector", () => concat([x, constant(4)]), /concat: shapes \[3\], \[\] must agree/],
    ["an axis of concat", () => concat([x, x], 5), /concat: axis 5 is not an axis of shape \[3\]/],
    ["an axis of scatterAdd", () => x.scatterAdd(range(3), 4, 5), /scatterAdd: axis 5 is not an axis/],
    [
      "more indices than elements",
      () => x.scatterAdd(data([0, 1], [2, 1]), 4),
      /scatterAdd: shape \[3\] must/,
    ],
    [
      "logSumExp of nothing",
      () => empty.logSumExp(1),
      /logSumExp: shape \[2, 0\] has no elements along axis 1/,
    ],
    ["logSumExp of nothing at all", () => empty.logSumExp(), /logSumExp: .* no elements along axes \[0, 1\]/],
    ["softmax of nothing", () => empty.softmax(), /softmax: shape \[2, 0\] has no elements along axis 1/],
    ["logSoftmax of nothing", () => empty.logSoftmax(), /logSoftmax: shape \[2, 0\] has no elements/],
    ["max of nothing", () => empty.max(1), /max: shape \[2, 0\] has no elements along axis 1/],
  ])("%s", (_, build, message) => {
    expect(build).toThrow(ShapeError);
    expect(build).toThrow(message);
  });

  it("takes what is whole: open lengths, empty axes, axes from the end", () => {
    expect(x.reshape([-1, 1]).shape).toEqual([3, 1]);
    expect(constant(0, [0]).reshape([2, -1]).shape).toEqual([2, 0]);
    expect(empty.softmax(0).shape).toEqual([2, 0]);
    const joined = concat([matrix, constant(0, [2, 1])], -1);
    expect([joined.shape, joined.attributes.axis]).toEqual([[2, 4], 1]);
    const last = matrix.scatterAdd(range(3), 5, -1);
    expect([last.shape, last.attributes.axis]).toEqual([[2, 5], 1]);
    expect(matrix.scatterAdd(data([0, 1, 2, 0, 1, 2], [2, 3]), 5, -1).shape).toEqual([5]);
    expect(matrix.scatterAdd(constant(1), 4, -1).shape).toEqual([2, 3, 4]);
  });
});
