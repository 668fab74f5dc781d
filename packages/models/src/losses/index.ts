export { binaryCrossEntropy } from "./binary-cross-entropy.js";
export { type CategoricalCrossEntropyOptions, categoricalCrossEntropy } from "./categorical-cross-entropy.js";
export { type HuberOptions, huber } from "./huber.js";
export { meanAbsoluteError } from "./mean-absolute-error.js";
export { meanSquaredError } from "./mean-squared-error.js";
export { type LossOptions, weightedMean } from "./weighted-mean.js";
