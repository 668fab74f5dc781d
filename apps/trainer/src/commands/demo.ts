import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { styleText } from "node:util";
import type { TrainResult } from "@downhill/core/train";
import { digits, penguins } from "@downhill/datasets";
import { adam, gradientDescent, lbfgs } from "@downhill/optimizers";
import { html } from "@downhill/reporter-html";
import { terminal, terminalLook } from "@downhill/reporter-terminal";
import type { Command } from "commander";
import { awaitFigures, withFigures } from "../await-figures.js";
import { exitCodes } from "../errors.js";
import { catchSignals } from "../interruption.js";
import { linearRegression } from "../linear-regression.js";
import { writeModel } from "../model-file.js";
import { neuralNetwork } from "../neural-network.js";
import { problems } from "../problems.js";
import { race } from "../race.js";
import { raceLandscape } from "../race-picture.js";
import type { Training } from "../recipe.js";
import { showCoefficients } from "../show-coefficients.js";

const folder = "runs";

export function define(_: Command): void {}

/** Goes down a valley, trains a linear regression and neural networks, and says what came of it. */
export async function act(): Promise<number> {
  await mkdir(folder, { recursive: true });
  const interruption = catchSignals();
  const reportPath = join(folder, "report.html");
  // Runs of seconds: every step can be noted.
  const noted = { steps: "always", norms: "always", histograms: { every: 40 }, trainMetrics: 0.1 } as const;
  const report = html({ path: reportPath, title: "Down a valley, penguins and digits", ...noted });
  downAValley(report);

  const keeping = awaitFigures(report);
  const reporters = [keeping.reporter, terminal()];
  const trainings = [
    {
      title: "How heavy is a penguin? A linear regression",
      file: "penguins.safetensors",
      begin: () =>
        linearRegression(
          penguins({
            target: "body_mass_g",
            features: ["bill_length_mm", "bill_depth_mm", "flipper_length_mm"],
          }),
          { seed: 1, reporters: [...reporters, showCoefficients()] },
        ),
      figure: ({ metrics }: TrainResult) => `R² ${metrics.test!.r2!.toFixed(3)} on new birds`,
    },
    {
      title: "Which penguin is this? A small network's decision regions",
      file: "species.safetensors",
      begin: () =>
        neuralNetwork(penguins({ target: "species", features: ["bill_length_mm", "bill_depth_mm"] }), {
          hidden: [16],
          epochs: 60,
          split: { test: 0.2, validation: 0.1 },
          seed: 1,
          reporters,
        }),
      figure: ({ metrics }: TrainResult) => `${percent(metrics.test!.accuracy!)} of new birds known`,
    },
    {
      title: "Which digit is this? A neural network",
      file: "digits.safetensors",
      begin: () =>
        neuralNetwork(digits(), {
          hidden: [128],
          dropout: 0.2,
          epochs: 60,
          split: { test: 0.2, validation: 0.1 },
          seed: 1,
          reporters,
        }),
      figure: ({ metrics }: TrainResult) => `${percent(metrics.test!.accuracy!)} of new images read right`,
    },
  ];
  const ends: string[] = [];
  for (const { title, file, begin, figure } of trainings) {
    say(`\n${bold(title)}\n`);
    const training: Training = begin();
    interruption.watch(training.run);
    const result = await withFigures(training, [keeping]);
    if (interruption.happened) return exitCodes.interrupted;
    if (result.status.kind === "diverged") return exitCodes.diverged;
    const path = join(folder, file);
    await writeModel(path, training, result.parameters);
    ends.push(`  ${path.padEnd(28)}${figure(result)}`);
  }
  say(`\n${bold("Saved models")}\n${ends.join("\n")}\n`);
  say(`\n${bold("Report of all this, to open in a browser")}\n  ${reportPath}\n`);
  say(
    `\nTry next\n  downhill predict --model runs/digits.safetensors --data digits\n  downhill minimize rosenbrock\n`,
  );
  return exitCodes.done;
}

/** Three optimizers in Rosenbrock's valley, from above. */
function downAValley(report: ReturnType<typeof html>): void {
  say(`\n${bold("Which way is down? Three optimizers in a narrow valley")}\n`);
  const problem = problems.rosenbrock!;
  const racers = [
    { name: "gradient descent", optimizer: gradientDescent({ learningRate: 1e-3 }) },
    { name: "adam", optimizer: adam({ learningRate: 0.05 }) },
    { name: "lbfgs", optimizer: lbfgs() },
  ];
  const found = race("rosenbrock", problem, racers, { maxSteps: 2000 });
  say(`${raceLandscape("rosenbrock", problem, found, process.stderr)}\n`);
  for (const event of found.flatMap(({ events }) => events)) report.on(event);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function say(text: string): void {
  process.stderr.write(text);
}

function bold(text: string): string {
  return terminalLook(process.stderr).color > 0 ? styleText("bold", text) : text;
}
