export { freeze } from "./freeze.js";
export { noDecay } from "./no-decay.js";
export { type Groups, type Partitioned, partition } from "./partition.js";
export type { Pattern } from "./pattern.js";
