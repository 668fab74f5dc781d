export { type Activation, activations } from "./activations.js";
export { dense } from "./dense.js";
export { dropout } from "./dropout.js";
