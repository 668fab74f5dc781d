export type { PaceOptions } from "../pace.js";
export { type TensorboardFolderOptions, tensorboard } from "./tensorboard.js";
