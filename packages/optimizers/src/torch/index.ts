export { fromTorch } from "./from-torch.js";
export { toTorch } from "./to-torch.js";
export type { TorchOptions } from "./transpose.js";
