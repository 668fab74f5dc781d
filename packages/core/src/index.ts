export { type Arrays, bind } from "./bind/bind.js";
export type { MethodStepper, SavedMethod } from "./bind/bind-method.js";
export type { Saved, Stepper } from "./bind/bind-rule.js";
export * from "./engine/engine.js";
export { js } from "./engine/js/index.js";
export { light } from "./engine/light/index.js";
export { reference } from "./engine/reference.js";
export * from "./expr/functions.js";
export { formatShape, type Shape, ShapeError, sizeOf } from "./expr/shape.js";
export {
  type Attributes,
  type Axes,
  constant,
  isTensor,
  leaf,
  type ReduceOptions,
  type Tensor,
  type TensorLike,
} from "./expr/tensor.js";
export { checkGradients, type GradientCheck } from "./gradient/check.js";
export { grad, hvp, type Tensors, valueAndGrad } from "./gradient/grad.js";
export * as math from "./math/index.js";
export { defineMethod } from "./minimize/define-method.js";
export { minimize, minimizeSteps } from "./minimize/minimize.js";
export type { Callback, Objective, ValueAndGradient } from "./minimize/objective.js";
export type { MinimizeOptions } from "./minimize/options.js";
export type { Result, Step } from "./minimize/result.js";
export type { Start } from "./minimize/start.js";
export { sumOverParameters, sumWithinGroup } from "./optimizer/across-parameters.js";
export { chain } from "./optimizer/chain.js";
export { applyChange, mergeHyper } from "./optimizer/compose.js";
export { defineOptimizer, defineTransform, type MakeTransform } from "./optimizer/define.js";
export type { Chosen, Make, Options } from "./optimizer/definition.js";
export * from "./optimizer/hyper.js";
export { type Ask, type Asking, ask, type Point, type Vector, vector } from "./optimizer/method.js";
export * from "./optimizer/optimizer.js";
export { type Renamed, renameHyper } from "./optimizer/rename-hyper.js";
export {
  type Controller,
  controllersOf,
  describeSetting,
  type Schedule,
  type Setting,
  valueAt,
} from "./optimizer/schedule.js";
export * from "./optimizer/slot.js";
export { updateProgram } from "./optimizer/update-program.js";
export { defineWrapper, type Inner, type MakeWrapper, type WrapperContext } from "./optimizer/wrapper.js";
export * from "./program/data.js";
export { type Explanation, explain, type KernelExplanation } from "./program/explain.js";
export { formatExplanation } from "./program/format-explanation.js";
export * from "./program/program.js";
export { type Random, random as randomStream, restoreRandom } from "./random/index.js";
export * from "./status.js";
export { didYouMean, nearest } from "./text/nearest.js";
