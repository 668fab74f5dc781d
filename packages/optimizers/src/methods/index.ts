export { backtracking } from "./backtracking.js";
export { conjugateGradient } from "./conjugate-gradient.js";
export { lbfgs } from "./lbfgs.js";
export { newtonCg } from "./newton-cg.js";
export { sam } from "./sam.js";
