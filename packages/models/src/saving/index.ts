export { decodeModel, encodeModel } from "./encode.js";
export { loadModel, type Preprocessing, type SavedModel, saveModel } from "./saved-model.js";
