/** Version of this package, which decides with seed and engine which bits a run has. */
export { version } from "../../package.json";
