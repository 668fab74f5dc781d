export { accumulate } from "./accumulate.js";
export { cautious } from "./cautious.js";
export { cautiousDecay } from "./cautious-decay.js";
export { decoupledDecay } from "./decoupled-decay.js";
export { ema } from "./ema.js";
export { lookahead } from "./lookahead.js";
export { skipNonFinite } from "./skip-non-finite.js";
export { swa } from "./swa.js";
