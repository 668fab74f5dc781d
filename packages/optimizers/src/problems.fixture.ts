import type { Tensor } from "@downhill/core";

type Plane = { readonly x: Tensor; readonly y: Tensor };

/** Rosenbrock's valley: least, 0, at (1, 1). */
export const rosenbrock = ({ x, y }: Plane): Tensor =>
  x.sub(1).square().add(y.sub(x.square()).square().mul(100));
