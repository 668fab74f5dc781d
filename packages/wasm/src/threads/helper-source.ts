import { control } from "./control.js";

const word = (address: number) => address / 4;

/**
 * What a helper runs, as text: no bundler must find a file for it. Each message is a program to help with. The helper
 * then waits inside the message's handler, and leaves it to read the next.
 */
export const helperSource = `"use strict";
const threads = globalThis.process?.getBuiltinModule?.("node:worker_threads");
const helps = [];
let received = 0;
function receive({ memory, module, own, firstJob, jobs }) {
  const words = new Int32Array(memory.buffer, 0, ${word(control.end)});
  const { help } = new WebAssembly.Instance(module, { m: { m: memory, g: own } }).exports;
  for (let i = 0; i < jobs; i++) helps[firstJob + i] = help;
  if (received++ === 0) Atomics.add(words, ${word(control.helpers)}, 1);
  while (Atomics.load(words, ${word(control.posted)}) === received) {
    const news = Atomics.load(words, ${word(control.news)});
    helps[Atomics.load(words, ${word(control.ticket) + 1})]?.();
    Atomics.add(words, ${word(control.sleepers)}, 1);
    Atomics.wait(words, ${word(control.news)}, news);
    Atomics.sub(words, ${word(control.sleepers)}, 1);
  }
}
if (threads) threads.parentPort.on("message", receive);
else globalThis.onmessage = ({ data }) => receive(data);
`;
