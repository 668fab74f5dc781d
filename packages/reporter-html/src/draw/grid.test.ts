import { expect, test } from "vitest";
import { contourSvg } from "./contour.js";
import { frameOf } from "./frame.js";
import { ringsOf } from "./grid.js";
import { themes } from "./theme.js";

const frame = frameOf({ width: 400, height: 400, x: [-2, 2], y: [-2, 2], theme: themes.light });

test("a line around a cone lies on its circle, also on a grid of uneven distances", () => {
  const axis = Array.from({ length: 81 }, (_, i) => 2 * Math.sin(((i - 40) / 40) * (Math.PI / 2)));
  const z = axis.flatMap((y) => axis.map((x) => -Math.hypot(x, y)));
  const [[ring]] = ringsOf({ x: axis, y: axis, z }, [-1.3], frame) as [[(readonly [number, number])[]]];
  expect(ring.length).toBeGreaterThan(50);
  for (const [x, y] of ring) {
    expect(Math.hypot(frame.x.invert(x), frame.y.invert(y))).toBeCloseTo(1.3, 2);
  }
});

test("the grid's rows go up: a slope in y has its upper half above the level", () => {
  const axis = [-2, -1, 0, 1, 2];
  const z = axis.flatMap((y) => axis.map(() => y));
  const [[ring]] = ringsOf({ x: axis, y: axis, z }, [0], frame) as [[(readonly [number, number])[]]];
  expect(Math.min(...ring.map(([, y]) => frame.y.invert(y)))).toBeCloseTo(0, 6);
});

test("ground that is infinite or unknown is drawn around", () => {
  const axis = [0, 1, 2, 3];
  const z = Float64Array.from({ length: 16 }, (_, i) =>
    i === 5 ? Number.NaN : i > 12 ? Number.POSITIVE_INFINITY : i,
  );
  expect(contourSvg({ x: axis, y: axis, z })).not.toMatch(/NaN|Infinity/);
});

test("a path that leaves for infinity is drawn as far as it can be", () => {
  const axis = [0, 1, 2, 3];
  const z = Float64Array.from({ length: 16 }, (_, i) => i);
  const points = [1, 1, 2, 2, 1e200, -1e300, Number.NaN, Number.NaN];
  for (const at of [undefined, 0, 1, 2, 3]) {
    const options = at === undefined ? {} : { at };
    expect(contourSvg({ x: axis, y: axis, z, trails: [{ name: "sgd", points }] }, options)).not.toMatch(
      /NaN|Infinity|e\+/,
    );
  }
});

test("a grid whose parts do not fit says how", () => {
  expect(() => contourSvg({ x: [0, 1], y: [0, 1, 2], z: [1, 2, 3] })).toThrow(
    "2 values of x, 3 of y and 3 at its crossings",
  );
});
