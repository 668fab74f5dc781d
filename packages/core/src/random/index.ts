export { forkKey, type Key } from "./key.js";
export { type Random, type RandomState, random, restoreRandom } from "./random.js";
export { uniform32 } from "./uniform-32.js";
