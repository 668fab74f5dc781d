export type { PaceOptions } from "./pace.js";
export { type TensorboardOptions, tensorboard } from "./tensorboard.js";
