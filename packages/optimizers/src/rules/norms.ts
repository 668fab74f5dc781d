import { sumOverParameters, type Tensor, where } from "@downhill/core";

/** Root mean square of a tensor's elements. */
export function rms(x: Tensor): Tensor {
  return x.square().mean().sqrt();
}

/** An update made no larger than a root mean square of d: u / max(1, RMS(u) / d). */
export function clipRms(u: Tensor, d: Tensor): Tensor {
  return u.div(rms(u).div(d).maximum(1));
}

/** How large p is for its change u: ‖p‖ / size, and 1 where p or u is zero. `size` is ‖u‖ unless given. */
export function trustRatio(p: Tensor, u: Tensor, size = u.norm()): Tensor {
  return where(p.norm().gt(0).mul(u.norm().gt(0)), p.norm().div(size), 1);
}

/** ⟨a, b⟩ over all parameters. */
export function dotOverParameters(a: Tensor, b: Tensor): Tensor {
  return sumOverParameters(a.dot(b));
}

/** ‖x‖₁ over all parameters. */
export function norm1OverParameters(x: Tensor): Tensor {
  return sumOverParameters(x.abs().sum());
}
