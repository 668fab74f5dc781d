export { fromConfig } from "./from-config.js";
export { type LinearOptions, linear } from "./linear.js";
export { type LogisticOptions, logistic } from "./logistic.js";
export { type MlpClassifierOptions, type MlpNames, type MlpRegressorOptions, mlp } from "./mlp.js";
export type { ClassificationMetric, Classifier, RegressionMetric, Regressor } from "./model.js";
export type { RegressionLoss } from "./regressor.js";
export { type SoftmaxOptions, softmax } from "./softmax.js";
