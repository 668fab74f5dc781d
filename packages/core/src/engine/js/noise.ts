import { uniform32 } from "../../random/index.js";
import { libraryText, linked } from "./library.js";

/** The library with the numbers that noise is made of: the key passes through the workspace, as theirs do. */
export const noisyLibrary = { ...linked, uniform32 };
export const noisyText = `${libraryText}const $uniform32 = library.uniform32, uniform32 = (s, i) => { w[0] = $uniform32(w[0], s, i); };\n`;
