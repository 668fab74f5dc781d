export { mapValues } from "../record/map-values.js";
