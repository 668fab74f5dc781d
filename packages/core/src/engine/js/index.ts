export { js } from "./js.js";
