import { registerUpdatePath } from "./update/paths.js";
import { webglPath } from "./update/webgl.js";

// Programs of our own on the webgl backend once this module has been imported.
registerUpdatePath("webgl", webglPath);
