export { light } from "./light.js";
