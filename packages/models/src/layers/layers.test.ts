import { constant } from "@downhill/core";
import { describe, expect, it } from "vitest";
import { compute, numbers } from "../test-support/compute.js";
import { dense, dropout } from "./index.js";

it("dense is x·W + b with weights [in, out]", () => {
  const x = numbers([[1, 2], [0, -1]]); // biome-ignore format: a matrix
  const w = numbers([[1, 0, 2], [3, 1, 0]]); // biome-ignore format: a matrix
  const { y } = compute({ x, w, b: numbers([10, 20, 30]) }, ({ x, w, b }) => ({ y: dense(x!, w!, b!) }));
  expect([...y]).toEqual([17, 22, 32, 7, 19, 30]);
});

describe("dropout", () => {
  const x = numbers(new Array<number>(4000).fill(2));
  const drop = (rate: number, key: number | undefined, stream = 0) =>
    compute({ x }, ({ x }) => ({ y: dropout(x!, rate, key === undefined ? key : constant(key), stream) })).y;

  it("drops the part asked for and scales the rest so that the mean stays", () => {
    const y = drop(0.25, 7);
    expect([...new Set(y)].sort()).toEqual([0, 2 / 0.75]);
    const dropped = y.filter((value) => value === 0).length / y.length;
    expect(Math.abs(dropped - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / y.length));
  });

  it("differs by key and by stream and repeats for the same", () => {
    expect(drop(0.5, 7)).toEqual(drop(0.5, 7));
    expect(drop(0.5, 7)).not.toEqual(drop(0.5, 8));
    expect(drop(0.5, 7, 1)).not.toEqual(drop(0.5, 7));
  });

  it("does nothing without a key or a rate", () => {
    expect(drop(0.5, undefined)).toEqual(x.data);
    expect(drop(0, 7)).toEqual(x.data);
  });
});
