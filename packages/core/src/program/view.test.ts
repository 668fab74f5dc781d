import { describe, expect, it } from "vitest";
import { seeded } from "../engine/random-program.fixture.js";
import { type Shape, sizeOf } from "../expr/shape.js";
import {
  broadcastView,
  isContiguous,
  isWhole,
  reshapeView,
  sliceView,
  transposeView,
  type View,
  wholeView,
} from "./view.js";

/** Places of all elements, in row-major order. */
function places({ shape, offset, strides }: View): number[] {
  return shape.reduce<number[]>(
    (list, length, axis) => list.flatMap((at) => Array.from({ length }, (_, i) => at + i * strides[axis]!)),
    [offset],
  );
}

describe("views", () => {
  it("transpose, slice and stretch without moving anything", () => {
    const whole = wholeView([2, 3]);
    expect(places(transposeView(whole, [1, 0]))).toEqual([0, 3, 1, 4, 2, 5]);
    expect(places(sliceView(whole, [0, 1], [2, 2]))).toEqual([1, 2, 4, 5]);
    expect(places(broadcastView(wholeView([3]), [2, 3]))).toEqual([0, 1, 2, 0, 1, 2]);
    expect(places(broadcastView(wholeView([2, 1]), [2, 3]))).toEqual([0, 0, 0, 1, 1, 1]);
  });

  it("take another shape only where strides lead to it", () => {
    expect(reshapeView(transposeView(wholeView([2, 3]), [1, 0]), [6])).toBeUndefined();
    expect(reshapeView(sliceView(wholeView([4, 5]), [1, 0], [2, 5]), [10])).toMatchObject({
      offset: 5,
      strides: [1],
    });
    expect(reshapeView(sliceView(wholeView([4, 5]), [0, 1], [4, 3]), [12])).toBeUndefined();
    expect(reshapeView(broadcastView(wholeView([1]), [4]), [2, 2])).toMatchObject({ strides: [0, 0] });
    expect(reshapeView(wholeView([0, 3]), [3, 0])).toMatchObject({ shape: [3, 0] });
  });

  it("keep the order of the elements in any new shape they have", () => {
    const next = seeded(1);
    const whole = (n: number) => Math.floor(next() * n);
    const shapes: Shape[] = [
      [24],
      [4, 6],
      [6, 4],
      [2, 3, 4],
      [4, 1, 3, 2],
      [2, 12],
      [1, 24],
      [3, 8],
      [2, 2, 2, 3],
    ];
    let reshaped = 0;
    for (let i = 0; i < 2000; i++) {
      let view = wholeView(shapes[whole(shapes.length)]!);
      if (next() < 0.5)
        view = transposeView(
          view,
          view.shape.map((_, axis) => axis).sort(() => next() - 0.5),
        );
      if (next() < 0.3)
        view = broadcastView(
          sliceView(
            view,
            view.shape.map(() => 0),
            view.shape.map(() => 1),
          ),
          view.shape,
        );
      const shape = shapes[whole(shapes.length)]!;
      const seen = reshapeView(view, shape);
      if (!seen) continue;
      reshaped++;
      expect(places(seen)).toEqual(places(view));
      expect(seen.shape).toEqual(shape);
      expect(isContiguous(seen)).toBe(places(view).every((place, at) => place === view.offset + at));
    }
    expect(reshaped).toBeGreaterThan(500);
  });

  it("are whole only in the storage's own order", () => {
    expect(isWhole(reshapeView(wholeView([2, 3]), [2, 1, 3])!, [2, 3])).toBe(true);
    expect(isWhole(transposeView(wholeView([3, 3]), [1, 0]), [3, 3])).toBe(false);
    expect(isWhole(sliceView(wholeView([4]), [1], [3]), [4])).toBe(false);
    expect(sizeOf(wholeView([]).shape)).toBe(1);
  });
});
