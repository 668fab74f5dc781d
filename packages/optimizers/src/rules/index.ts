export { adagrad } from "./adagrad.js";
export { adam } from "./adam.js";
export { adamw } from "./adamw.js";
export { gradientDescent } from "./gradient-descent.js";
export { rmsprop } from "./rmsprop.js";
export { sgd } from "./sgd.js";
