// A process of its own: two threads share a product, and nobody disposes of the session or ends the process.
import { leaf } from "@downhill/core/engine";
import { wasm } from "../wasm.js";
import { awaitHelpers } from "./sharing.fixture.js";

const n = 256;
const shape = [n, n];
const session = wasm({ threads: 2, fallback: false }).open({ p: { a: shape, y: shape } }, "float32");
session.view("p", "a").fill(2);
const a = leaf("p", "a", shape);
const square = { writes: [{ arena: "p", name: "y", value: a.matmul(a) }], hostScalars: [] };
const kernel = session.load(square);
awaitHelpers(session, 1);
kernel.run(new Float64Array(0));
const right = session.read("p", "y").every((x) => x === 4 * n);
console.log(JSON.stringify({ right, notes: session.notes }));
