export * from "./engine/engine.js";
export { reference } from "./engine/reference.js";
export * from "./expr/functions.js";
export { formatShape, type Shape, ShapeError, sizeOf } from "./expr/shape.js";
export { type Attributes, type Axes, constant, isTensor, type ReduceOptions, type Tensor, type TensorLike } from "./expr/tensor.js";
export * from "./program/data.js";
export * from "./program/program.js";
export * from "./status.js";
