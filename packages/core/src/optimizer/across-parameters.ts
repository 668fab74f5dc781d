import { ShapeError } from "../expr/shape.js";
import { apply, type Tensor } from "../expr/tensor.js";

/**
 * A scalar summed over all parameters of the optimizer: in an update that sees one parameter, the sum of that
 * scalar over every parameter's update. `sumOverParameters(g.square().sum()).sqrt()` is the global norm.
 */
export function sumOverParameters(part: Tensor): Tensor {
  if (part.shape.length > 0) {
    throw new ShapeError(
      `sumOverParameters: expected a scalar, got shape [${part.shape.join(", ")}]. Reduce it first, as with sum().`,
    );
  }
  return apply("acrossParameters", [part]);
}
