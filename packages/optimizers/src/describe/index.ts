export { type Description, describe } from "./describe.js";
