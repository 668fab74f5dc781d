// In a page's worker: how many threads share a product, and what comes out.
import { leaf } from "@downhill/core/engine";
import { wasm } from "../wasm.js";
import { wordOf } from "./sharing.fixture.js";

const n = 256;
const shape = [n, n];

function open(threads: number) {
  const session = wasm({ threads, fallback: false }).open({ p: { a: shape, y: shape } }, "float32");
  const numbers = session.view("p", "a");
  for (let i = 0; i < numbers.length; i++) numbers[i] = Math.sin(i);
  const a = leaf("p", "a", shape);
  const kernel = session.load({ writes: [{ arena: "p", name: "y", value: a.matmul(a) }], hostScalars: [] });
  return { session, run: () => kernel.run(new Float64Array(0)) };
}

const [one, three] = [open(1), open(3)];
one.run();
// Before the helpers have begun.
three.run();
const early = String(three.session.read("p", "y")) === String(one.session.read("p", "y"));
for (let waits = 0; waits < 1000 && wordOf(three.session, "helpers") < 2; waits++) {
  await new Promise((resolve) => setTimeout(resolve, 10));
}
let same = true;
for (let i = 0; i < 200; i++) {
  three.session.view("p", "y").fill(0);
  three.run();
  same &&= String(three.session.read("p", "y")) === String(one.session.read("p", "y"));
}
const { notes } = three.session;
postMessage({ early, same, notes, helpers: wordOf(three.session, "helpers") });
three.session.dispose();
