import { leaf } from "@downhill/core/engine";
import { wasm } from "./wasm.js";

const session = wasm({ fallback: false }).open({ p: { x: [3] } }, "float32");
session.write("p", "x", [1, 2, 3]);
const double = { writes: [{ arena: "p", name: "x", value: leaf("p", "x", [3]).mul(2) }], hostScalars: [] };
session.load(double).run(new Float64Array(0));
postMessage({ notes: session.notes, y: [...session.read("p")] });
