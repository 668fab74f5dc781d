import type { Tensor } from "@downhill/core";

type Point = readonly [x: number, y: number];

/** A function of x and y to find a minimum of. */
export interface Problem {
  readonly about: string;
  /** Where it comes from. */
  readonly source: string;
  readonly f: (point: { readonly x: Tensor; readonly y: Tensor }) => Tensor;
  readonly start: Point;
  /** Its minima, all of the same value. */
  readonly minima: readonly Point[];
  readonly minimum: number;
  /** What a picture shows: [least, most] of x and of y. */
  readonly view: readonly [Point, Point];
}

const tau = 2 * Math.PI;

/** Test problems by name, from easy to hard. */
export const problems: Readonly<Record<string, Problem>> = {
  bowl: {
    about: "x² + 10y²: a valley ten times as steep on one side",
    source: "the textbook's quadratic",
    f: ({ x, y }) => x.square().add(y.square().mul(10)),
    start: [-4, 1.5],
    minima: [[0, 0]],
    minimum: 0,
    view: [
      [-5, 5],
      [-2.5, 2.5],
    ],
  },
  booth: {
    about: "(x + 2y - 7)² + (2x + y - 5)²: a tilted bowl",
    source: "Jamil & Yang 2013, https://arxiv.org/abs/1308.4008",
    f: ({ x, y }) => x.add(y.mul(2)).sub(7).square().add(x.mul(2).add(y).sub(5).square()),
    start: [-6, -6],
    minima: [[1, 3]],
    minimum: 0,
    view: [
      [-10, 10],
      [-10, 10],
    ],
  },
  saddle: {
    about: "x²/2 + y⁴/4 - y²/2: starts beside a saddle",
    source: "Nesterov 2004, example 1.2.2",
    f: ({ x, y }) => x.square().div(2).add(y.square().square().div(4)).sub(y.square().div(2)),
    start: [1.5, 0.01],
    minima: [
      [0, -1],
      [0, 1],
    ],
    minimum: -0.25,
    view: [
      [-2, 2],
      [-1.75, 1.75],
    ],
  },
  rosenbrock: {
    about: "(1 - x)² + 100(y - x²)²: a narrow, bent valley",
    source: "Rosenbrock 1960; More, Garbow & Hillstrom 1981, problem 1",
    f: ({ x, y }) => x.sub(1).square().add(y.sub(x.square()).square().mul(100)),
    start: [-1.2, 1],
    minima: [[1, 1]],
    minimum: 0,
    view: [
      [-1.75, 1.75],
      [-0.75, 2],
    ],
  },
  beale: {
    about: "a flat plain with steep walls",
    source: "Beale 1958; More, Garbow & Hillstrom 1981, problem 5",
    f: ({ x, y }) =>
      [1.5, 2.25, 2.625]
        .map((c, i) =>
          x
            .mul(
              y
                .pow(i + 1)
                .neg()
                .add(1),
            )
            .neg()
            .add(c)
            .square(),
        )
        .reduce((sum, term) => sum.add(term)),
    start: [1, 1],
    minima: [[3, 0.5]],
    minimum: 0,
    view: [
      [-0.5, 4.5],
      [-1.5, 1.75],
    ],
  },
  himmelblau: {
    about: "(x² + y - 11)² + (x + y² - 7)²: four minima",
    source: "Himmelblau 1972",
    f: ({ x, y }) => x.square().add(y).sub(11).square().add(x.add(y.square()).sub(7).square()),
    start: [-0.3, -1],
    minima: [
      [3, 2],
      [-2.8051180869527448, 3.131312518250573],
      [-3.779310253377747, -3.28318599128617],
      [3.584428340330492, -1.8481265269644034],
    ],
    minimum: 0,
    view: [
      [-5, 5],
      [-5, 5],
    ],
  },
  rastrigin: {
    about: "a bowl full of small dents: the nearest one holds most",
    source: "Rastrigin 1974",
    f: ({ x, y }) =>
      [x, y].map((v) => v.square().sub(v.mul(tau).cos().mul(10)).add(10)).reduce((a, b) => a.add(b)),
    start: [-2.2, 1.7],
    minima: [[0, 0]],
    minimum: 0,
    view: [
      [-3, 3],
      [-3, 3],
    ],
  },
};
