import { type Tensor, where } from "@downhill/core";

/** Root mean square of a tensor's elements. */
export function rms(x: Tensor): Tensor {
  return x.square().mean().sqrt();
}

/** How large p is for its change u: ‖p‖ / size, and 1 where p or u is zero. `size` is ‖u‖ unless given. */
export function trustRatio(p: Tensor, u: Tensor, size = u.norm()): Tensor {
  return where(p.norm().gt(0).mul(u.norm().gt(0)), p.norm().div(size), 1);
}
