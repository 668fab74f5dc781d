// Makes runs for tensorboard_files.py to check: node tensorboard_files.mjs FOLDER
// Each is FOLDER/<name>.ndjson, the events as core writes them, and FOLDER/<name>, the event files; of a run that went
// on from a checkpoint, FOLDER/<name>.before has the event files as they were before that.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
const outfile = join(folder, "runs.mjs");
await build({
  stdin: {
    contents: `
import { cpSync } from "node:fs";
import { ndjsonReporter, fileCheckpoints } from "@downhill/core/node";
import { train } from "@downhill/core/train";
import { digits } from "@downhill/datasets";
import { mlp } from "@downhill/models";
import { adamw, cosine } from "@downhill/optimizers";
import { tensorboard } from "../../packages/reporter-tensorboard/src/node/index.ts";
import { everyKind } from "../../packages/reporter-tensorboard/src/fixtures/every-kind.ts";

const folder = ${JSON.stringify(folder)};
const steps = "always";
const wants = {
  ...{ gradientNorm: steps, stepNorm: steps, cosine: steps },
  ...{ parameterHistograms: { every: 5 }, gradientHistograms: { every: 5 } },
};
const reportersOf = (name) => [
  ndjsonReporter(folder + "/" + name + ".ndjson", { steps, wants }),
  // All that it hears, the other hears too.
  tensorboard({ path: folder + "/" + name, steps, wants, trainMetrics: 0 }),
];

for (const reporter of reportersOf("every-kind")) {
  for (const event of everyKind()) reporter.on(event);
  await reporter.end(1000);
}

const { train: rows, test } = digits().split({ test: 0.2, stratify: true, seed: 1 });
const options = {
  data: rows,
  validation: test,
  optimizer: adamw({ learningRate: cosine(1e-3, { steps: "run" }) }),
  epochs: 3,
  name: "digits",
  seed: 1,
};
await train(mlp({ hidden: [16], classes: 10 }), { ...options, reporters: reportersOf("digits") });

// Stopped in the middle of an epoch, some steps after the last checkpoint, and resumed from there.
const abort = new AbortController();
const store = fileCheckpoints(folder + "/resumed.ckpt");
let kept;
const part = {
  ...options,
  checkpoint: { store: { ...store, save: (bytes) => (kept ??= bytes, store.save(bytes)) }, everySteps: 30 },
};
const stopper = { name: "stopper", steps, on: (e) => e.type === "step" && e.step === 50 && abort.abort() };
await train(mlp({ hidden: [16], classes: 10 }), { ...part, signal: abort.signal, reporters: [...reportersOf("resumed"), stopper] });
cpSync(folder + "/resumed", folder + "/resumed.before", { recursive: true });
await train(mlp({ hidden: [16], classes: 10 }), { ...part, resume: kept, reporters: reportersOf("resumed") });
`,
    resolveDir: import.meta.dirname,
    loader: "ts",
  },
  bundle: true,
  platform: "node",
  format: "esm",
  conditions: ["@downhill/source"],
  outfile,
});
await import(pathToFileURL(outfile).href);
