import { type Case, cases, parts } from "./cases.js";
import { type Child, participants } from "./child.js";
import { sayCounts } from "./gpu-counts.js";
import { type Heap, heapTable, measureHeap } from "./heap.js";
import { measure, type Row } from "./measure.js";
import { type Cost, costTable, measureReporters } from "./reporters/index.js";
import { table } from "./table.js";

const args = process.argv.slice(2);
const json = args.includes("--json");
const wanted = args.filter((arg) => arg !== "--json" && arg !== "--");
// What reporters cost is measured beside nobody; on one of the engines alone, too.
const names: readonly string[] = [...parts, "reporters", "reporters-wasm", "reporters-js"];
const unknown = wanted.find((part) => !names.includes(part));
if (unknown) {
  console.error(`There is no part "${unknown}". Parts: ${names.join(", ")}.`);
  process.exit(2);
}
const isWanted = (part: string) => wanted.length === 0 || wanted.includes(part);

const isWasm = (name: string) => name === "wasm" || name === "wasm-2";
const isOurs = (name: string) => isWasm(name) || name === "js";
const isDropIn = (name: string) => name.startsWith("drop-in-");
/** On a GPU, or its imitation, steps end later than they begin: one there is compared with another there alone. */
const isOnGpu = (name: string) => name.endsWith("-webgpu");

const started = new Map<string, Child | undefined>();
/** Those that can be started here, each once, when a case first needs it. */
function start(isNeeded: (name: string) => boolean): Child[] {
  return Object.entries(participants).flatMap(([name, make]) => {
    if (!isNeeded(name)) return [];
    if (!started.has(name)) started.set(name, make());
    return started.get(name) ?? [];
  });
}

const rows: Row[] = [];
const report = (measured: readonly Row[]) => {
  rows.push(...measured);
  if (!json) console.log(table(measured));
};

async function measureBesideAll(at: Case): Promise<void> {
  // js would take minutes over the largest.
  const ours = start((name) => isWasm(name) || (name === "js" && !isLarge(at.name)));
  const isPeer = (name: string) => !isOurs(name) && !isDropIn(name) && !isOnGpu(name);
  report(await measure(at, ours, at.part === "size" ? [] : start(isPeer)));
}

/** Each drop-in beside the same backend with tfjs's own optimizer. */
async function measureDropIns(at: Case): Promise<void> {
  for (const ours of start(isDropIn)) {
    const peers = start((name) => name === ours.name.replace("drop-in", "tfjs"));
    report(await measure(at, [ours], peers));
    if (!json && isOnGpu(ours.name)) await sayCounts([ours, ...peers]);
  }
}

for (const at of cases.filter(({ part }) => isWanted(part)))
  await (at.part === "tfjs" ? measureDropIns(at) : measureBesideAll(at));
const heaps: Heap[] = [];
if (isWanted("size")) {
  for (const child of start(isOurs)) heaps.push(await measureHeap(child));
  if (!json) console.log(heapTable(heaps));
}
for (const child of started.values()) child?.end();
if (started.has("torch") && !started.get("torch")) {
  console.error("PyTorch is left out: python3 (or the interpreter that PYTHON names) cannot import torch.");
}
const costs: Cost[] = [];
for (const engine of ["wasm", "js"] as const) {
  if (!isWanted("reporters") && !isWanted(`reporters-${engine}`)) continue;
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
