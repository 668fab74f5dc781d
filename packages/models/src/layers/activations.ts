import type { Tensor } from "@downhill/core";

/** Elementwise functions between layers. */
export const activations = {
  relu: (x: Tensor) => x.relu(),
  leakyRelu: (x: Tensor) => x.leakyRelu(),
  elu: (x: Tensor) => x.elu(),
  gelu: (x: Tensor) => x.gelu(),
  softplus: (x: Tensor) => x.softplus(),
  tanh: (x: Tensor) => x.tanh(),
  sigmoid: (x: Tensor) => x.sigmoid(),
  identity: (x: Tensor) => x,
};

export type Activation = keyof typeof activations;
