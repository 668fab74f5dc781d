import { cases, parts } from "./cases.js";
import { type Child, participants } from "./child.js";
import { measure, type Row } from "./measure.js";
import { table } from "./table.js";

const args = process.argv.slice(2);
const json = args.includes("--json");
const wanted = args.filter((arg) => arg !== "--json" && arg !== "--");
const unknown = wanted.find((part) => !(parts as readonly string[]).includes(part));
if (unknown) {
  console.error(`There is no part "${unknown}". Parts: ${parts.join(", ")}.`);
  process.exit(2);
}

const started = Object.values(participants).flatMap((start) => start() ?? []);
const isOurs = (child: Child) => child.name === "wasm" || child.name === "js";
if (!started.some(({ name }) => name === "torch")) {
  console.error("PyTorch is left out: python3 (or the interpreter that PYTHON names) cannot import torch.");
}
const rows: Row[] = [];
for (const at of cases) {
  if (wanted.length > 0 && !wanted.includes(at.part)) continue;
  // js would take minutes over the largest.
  const ours = started.filter((child) => isOurs(child) && (child.name === "wasm" || !isLarge(at.name)));
  const peers = at.part === "size" ? [] : started.filter((child) => !isOurs(child));
  const measured = await measure(at, ours, peers);
  rows.push(...measured);
  if (!json) console.log(table(measured));
}
for (const child of started) child.end();
if (json) console.log(JSON.stringify(rows, null, 2));
if (rows.some(({ correct }) => !correct)) {
  console.error("Some results differ between us and a peer; their ratios mean nothing.");
  process.exitCode = 1;
}

function isLarge(name: string): boolean {
  return name.includes("matrix product") || name.includes("4096") || name.includes("batch 256");
}
