export { qhm } from "./qhm.js";
