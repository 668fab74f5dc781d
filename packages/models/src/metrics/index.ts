export { accuracy } from "./accuracy.js";
export {
  type ClassificationReport,
  type ClassScores,
  classificationReport,
} from "./classification-report.js";
export { type ConfusionMatrix, confusionMatrix } from "./confusion-matrix.js";
export { logLoss } from "./log-loss.js";
export { mostProbable } from "./most-probable.js";
export type { MetricOptions, Numbers } from "./numbers.js";
export { mae, type RegressionMetricOptions, r2, rmse } from "./regression.js";
