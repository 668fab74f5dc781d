import { cases, parts } from "./cases.js";
import { type Child, participants } from "./child.js";
import { sayCounts } from "./gpu-counts.js";
import { type Heap, heapTable, measureHeap } from "./heap.js";
import { measure, type Row } from "./measure.js";
import { type Cost, costTable, measureReporters } from "./reporters/index.js";
import { table } from "./table.js";

const args = process.argv.slice(2);
const json = args.includes("--json");
const wanted = args.filter((arg) => arg !== "--json" && arg !== "--");
// What reporters cost is measured beside nobody.
const names: readonly string[] = [...parts, "reporters"];
const unknown = wanted.find((part) => !names.includes(part));
if (unknown) {
  console.error(`There is no part "${unknown}". Parts: ${names.join(", ")}.`);
  process.exit(2);
}

const started = Object.values(participants).flatMap((start) => start() ?? []);
const isWasm = ({ name }: Child) => name === "wasm" || name === "wasm-2";
const isOurs = (child: Child) => isWasm(child) || child.name === "js";
if (!started.some(({ name }) => name === "torch")) {
  console.error("PyTorch is left out: python3 (or the interpreter that PYTHON names) cannot import torch.");
}
const isDropIn = (child: Child) => child.name.startsWith("drop-in-");
const rows: Row[] = [];
const report = (measured: readonly Row[]) => {
  rows.push(...measured);
  if (!json) console.log(table(measured));
};
for (const at of cases) {
  if (wanted.length > 0 && !wanted.includes(at.part)) continue;
  if (at.part === "tfjs") {
    // Each drop-in beside the same backend with tfjs's own optimizer.
    for (const ours of started.filter(isDropIn)) {
      const peers = started.filter(({ name }) => name === ours.name.replace("drop-in", "tfjs"));
      report(await measure(at, [ours], peers));
      if (!json && ours.name === "drop-in-webgpu") await sayCounts([ours, ...peers]);
    }
    continue;
  }
  // js would take minutes over the largest.
  const ours = started.filter((child) => isOurs(child) && (isWasm(child) || !isLarge(at.name)));
  const peers = at.part === "size" ? [] : started.filter((child) => !isOurs(child) && !isDropIn(child));
  report(await measure(at, ours, peers));
}
const heaps: Heap[] = [];
if (wanted.length === 0 || wanted.includes("size")) {
  for (const child of started.filter(isOurs)) heaps.push(await measureHeap(child));
  if (!json) console.log(heapTable(heaps));
}
for (const child of started) child.end();
const costs: Cost[] = [];
for (const engine of ["wasm", "js"] as const) {
  if (wanted.length > 0 && !wanted.includes("reporters")) continue;
  for await (const cost of measureReporters(engine)) {
    costs.push(cost);
    if (!json) console.log(costTable([cost]));
  }
}
if (json) console.log(JSON.stringify([...rows, ...heaps, ...costs], null, 2));
if (rows.some(({ correct }) => !correct)) {
  console.error("Some results differ between us and a peer; their ratios mean nothing.");
  process.exitCode = 1;
}

function isLarge(name: string): boolean {
  return name.includes("matrix product") || name.includes("4096") || name.includes("batch 256");
}
