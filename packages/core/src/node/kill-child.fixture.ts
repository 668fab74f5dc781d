// A training to be killed: `node kill-child.cjs [stage] [save]` in the folder where its files are to be. It writes a
// byte to its output for each step; told a stage of saving, it kills itself there, in the save with that number. With
// the stage "slow" it takes its time after that many steps, so that who kills it cannot come too late.
import { writeSync } from "node:fs";
import promises from "node:fs/promises";
import { ema } from "../expr/functions.js";
import { defineOptimizer } from "../optimizer/define.js";
import { beta, rate } from "../optimizer/hyper.js";
import { scalar, zeros } from "../optimizer/slot.js";
import { line, points } from "../train/train.fixture.js";
import { train } from "../train/train.js";
import { fileCheckpoints } from "./file-checkpoints.js";
import { ndjsonReporter } from "./ndjson-reporter.js";

const adam = defineOptimizer({
  name: "adam",
  paper: "Kingma and Ba 2015",
  hyper: { learningRate: rate(0.05), beta1: beta(0.9), beta2: beta(0.999) },
  state: { m: zeros, v: zeros, power: scalar(1, "run") },
  update({ gradient: g, m, v, power, t }, { learningRate, beta1, beta2 }) {
    const [mean, square] = [ema(beta1, m, g), ema(beta2, v, g.square())];
    const unbiased = mean.div(power.mul(beta1).neg().add(1));
    const scale = square.div(beta2.pow(t).neg().add(1)).sqrt().add(1e-8);
    return { step: learningRate.mul(unbiased).div(scale), m: mean, v: square, power: power.mul(beta1) };
  },
});

const die = () => void process.kill(process.pid, "SIGKILL");
const [, , stage, save] = process.argv;
const nap = new Int32Array(new SharedArrayBuffer(4));
let told = 0;
const pulse = () => {
  writeSync(1, ".");
  if (++told >= Number(save) && stage === "slow") Atomics.wait(nap, 0, 0, 50);
};
if (stage && stage !== "slow") {
  const { open, rename } = promises;
  let saves = 0;
  promises.open = (async (...given: Parameters<typeof open>) => {
    const file = await open(...given);
    if (!String(given[0]).endsWith(".tmp") || ++saves < Number(save)) return file;
    if (stage === "opened") die();
    const { writeFile, sync } = file;
    file.writeFile = async (bytes) => {
      if (stage === "half-written") {
        await file.write(bytes as Uint8Array, 0, Math.floor((bytes as Uint8Array).length / 2));
        die();
      }
      return writeFile.call(file, bytes);
    };
    file.sync = async () => (stage === "written" ? die() : sync.call(file));
    return file;
  }) as typeof open;
  promises.rename = async (...given) => {
    const last = saves >= Number(save);
    if (last && stage === "before-rename") die();
    await rename(...given);
    if (last && stage === "renamed") die();
  };
}

void train(line, {
  data: points(100, 1, { noise: 0.3 }),
  validation: points(40, 2, { noise: 0.3 }),
  optimizer: adam(),
  batchSize: 16,
  accumulate: 2,
  epochs: 30,
  name: "killed",
  earlyStopping: { monitor: "validation.mae", mode: "min", patience: 100 },
  checkpoint: { store: fileCheckpoints("run.ckpt"), everySteps: 5, everyEpochs: 3 },
  resume: true,
  reporters: [
    ndjsonReporter("run.ndjson", { steps: "always", wants: { gradientNorm: { every: 7 } } }),
    { name: "pulse", steps: "always", on: (event) => void (event.type === "step" && pulse()) },
  ],
});
