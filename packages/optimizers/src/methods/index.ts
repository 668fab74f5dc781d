export { backtracking } from "./backtracking.js";
