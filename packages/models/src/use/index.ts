export {
  type Coefficients,
  type CoefficientsOptions,
  coefficients,
  coefficientsByOutput,
  type Scaling,
} from "./coefficients.js";
export { evaluate } from "./evaluate.js";
export type { EvaluationOptions, ParameterData } from "./evaluator.js";
export { type Classification, type PredictOptions, predict } from "./predict.js";
