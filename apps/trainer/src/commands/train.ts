import { csvReporter, ndjsonReporter } from "@downhill/core/node";
import type { Reporter } from "@downhill/core/train";
import { html } from "@downhill/reporter-html";
import { tensorboard } from "@downhill/reporter-tensorboard/node";
import { terminal } from "@downhill/reporter-terminal";
import type { Command } from "commander";
import { awaitFigures, withFigures } from "../await-figures.js";
import { defined } from "../defined.js";
import { engines } from "../engines.js";
import { exitCodes, tellInFlags, UsageError } from "../errors.js";
import { catchSignals } from "../interruption.js";
import { keepingOf } from "../keeping.js";
import { loadSamples } from "../load-data.js";
import { lossPicture } from "../loss-picture.js";
import { writeModel } from "../model-file.js";
import { type ModelChoice, models } from "../models.js";
import type { NetworkOptions } from "../neural-network.js";
import { makeOptimizer, optimizerFlags, parseOptimizer, requireSettings } from "../optimizer-flags.js";
import { parseSchedule } from "../schedules.js";
import { showCoefficients } from "../show-coefficients.js";
import { networkFlags, type TrainFlags } from "../train-flags.js";
import { requireWritable, requireWritableFolder } from "../write-file.js";

export { defineTrainFlags as define } from "../train-flags.js";

/** Trains what the flags say. */
export async function act(command: Command): Promise<number> {
  const name = command.processedArgs[0] as string;
  const choice = models[name]!;
  const flags = command.opts<TrainFlags>();
  const options = readOptions(name, choice, flags, command);
  if (flags.save) await requireWritable("--save", flags.save);
  if (flags.report) await requireWritable("--report", flags.report);
  if (flags.plot && flags.plot !== "-") await requireWritable("--plot", flags.plot);
  if (flags.tensorboard) await requireWritableFolder("--tensorboard", flags.tensorboard);
  const samples = await loadSamples({ ...flags, ...defined({ task: choice.task }) });

  const interruption = catchSignals();
  const keeping = await keepingOf(flags, interruption);
  const keepers = keepersOf(flags).map(awaitFigures);
  const reporters = [...keepers.map(({ reporter }) => reporter), ...watchersOf(flags)];
  const training = choice.fit(samples, {
    ...options,
    checkpoint: keeping.checkpoint,
    resume: keeping.resume,
    reporters: reporters.map(keeping.tell).map(tellInFlags),
  });
  interruption.watch(training.run);
  const { status, parameters } = await withFigures(training, keepers);
  interruption.release();

  if (interruption.happened) {
    process.stderr.write(`Interrupted. To go on, add --resume ${keeping.path}\n`);
    return exitCodes.interrupted;
  }
  if (status.kind === "diverged") {
    if (flags.quiet) process.stderr.write(`downhill: diverged: ${status.why}\n`);
    return exitCodes.diverged;
  }
  if (flags.save) await writeModel(flags.save, training, parameters);
  return exitCodes.done;
}

/** Those that keep pictures of the trained model, too; first, so that a run that goes on finds them, whoever watches. */
function keepersOf({ events, report, tensorboard: folder }: TrainFlags): readonly Reporter[] {
  return [
    ...(events ? [ndjsonReporter(events, { steps: "always", wants: measured })] : []),
    ...(folder ? [tensorboard({ path: folder })] : []),
    ...(report ? [html({ path: report })] : []),
  ];
}

/** What a report made later has curves and histograms of; at steps that do not depend on the clock. */
const norms = { every: 10 } as const;
const histograms = { every: 500 } as const;
const measured = {
  ...{ gradientNorm: norms, stepNorm: norms, cosine: norms },
  ...{ parameterHistograms: histograms, gradientHistograms: histograms },
};

function watchersOf({ csv, quiet, json, plot, logX, logY }: TrainFlags): readonly Reporter[] {
  const axes = defined({ logX, logY });
  return [
    ...(csv ? [csvReporter(csv)] : []),
    ...(json ? [ndjsonReporter(process.stdout)] : []),
    ...(plot && plot !== "-" ? [lossPicture(plot, axes)] : []),
    ...(quiet ? [] : [terminal({ plot: plot === "-", ...axes }), showCoefficients()]),
  ];
}

/** Flags as the recipes' options; what is not said is left to the recipe. */
function readOptions(name: string, choice: ModelChoice, flags: TrainFlags, command: Command): NetworkOptions {
  if (choice.task && flags.task && flags.task !== choice.task) {
    throw new UsageError(`${name} is for ${choice.task}; leave --task out.`);
  }
  for (const flag of networkFlags) {
    if (name !== "mlp" && flags[flag] !== undefined)
      throw new UsageError(`${name} has no --${flag}; only mlp has.`);
  }
  if (flags.quiet && flags.plot === "-")
    throw new UsageError("--quiet leaves no place for --plot: name a file, or leave one of them out.");
  if ((flags.logX || flags.logY) && flags.quiet && !flags.plot)
    throw new UsageError("--log-x and --log-y are for the loss curve: --quiet leaves it out.");
  const { split, validation, patience, tolerance, engine, l1, l2, ...rest } = flags;
  if (patience && validation === "none") {
    throw new UsageError("--patience looks at validation rows: set --validation, such as --validation 0.1.");
  }
  const { hidden, activation, initializer, dropout, dtype, batchSize, accumulate, epochs, seed } = rest;
  return {
    ...defined({ hidden, activation, initializer, dropout, dtype, batchSize, accumulate, epochs, seed }),
    ...defined({ gradientTolerance: tolerance }),
    ...(engine && { engine: engines[engine]!.make() }),
    ...(patience && { earlyStopping: { monitor: "validation.loss", patience } }),
    split: { test: shareOf(split), validation: shareOf(validation) },
    penalties: defined({ l1, l2 }),
    optimizer: readOptimizer(choice, flags, command),
  };
}

function shareOf(share: number | "none"): number | undefined {
  return share === "none" ? undefined : share;
}

function readOptimizer(
  choice: ModelChoice,
  flags: TrainFlags,
  command: Command,
): NonNullable<NetworkOptions["optimizer"]> {
  const spec = parseOptimizer(flags.optimizer ?? choice.optimizer);
  const given = optimizerFlags(command);
  requireSettings([spec], given);
  const schedule = flags.schedule ?? choice.schedule;
  const making = { given, ...(schedule && { schedule: parseSchedule(schedule) }) };
  // Wrong values are found before any data is read.
  makeOptimizer(spec, making);
  const suits = choice.suggestedFor.includes(spec.name);
  return ({ learningRate }) => makeOptimizer(spec, { ...making, ...(suits && { learningRate }) });
}
