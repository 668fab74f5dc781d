export { adaptiveClip } from "./adaptive-clip.js";
export { centralize } from "./centralize.js";
export { clipByGlobalNorm } from "./clip-by-global-norm.js";
export { clipByNorm } from "./clip-by-norm.js";
export { clipByValue } from "./clip-by-value.js";
export { coupledDecay } from "./coupled-decay.js";
export { l1 } from "./l1.js";
export { noise } from "./noise.js";
