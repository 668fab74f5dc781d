export { reference as js } from "../reference.js";
