import { data, type Tensor } from "@downhill/core";

type Plane = { readonly x: Tensor; readonly y: Tensor };

/** Rosenbrock's valley: least, 0, at (1, 1). */
export const rosenbrock = ({ x, y }: Plane): Tensor =>
  x.sub(1).square().add(y.sub(x.square()).square().mul(100));

/** Problems of one tensor p: where from, where to. */
export const problems = {
  parabola: {
    f: ({ p }: { readonly p: Tensor }): Tensor =>
      p
        .sub(data([1, -1, 1]))
        .square()
        .sum(),
    start: [-1, 10, 1],
    end: [1, -1, 1],
  },
  rosenbrock: {
    f: ({ p }: { readonly p: Tensor }): Tensor => {
      const at = (i: number) => p.slice([i], [1]).reshape([]);
      return rosenbrock({ x: at(0), y: at(1) });
    },
    start: [0, 0],
    end: [1, 1],
  },
};
