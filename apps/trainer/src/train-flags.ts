import type { DType } from "@downhill/core";
import type { Activation, Initializer } from "@downhill/models";
import { activations, initializers } from "@downhill/models";
import { Argument, type Command, Option } from "commander";
import { engines } from "./engines.js";
import { requireChoice } from "./errors.js";
import { names, picture, positive, share, whole, wholeOrAll, wholes } from "./flags.js";
import type { DataFlags } from "./load-data.js";
import { models } from "./models.js";
import { addOptimizerFlags } from "./optimizer-flags.js";

/** What the flags of `train` say, read and checked one by one. */
export interface TrainFlags extends DataFlags {
  readonly split: number | "none";
  readonly validation: number | "none";
  readonly hidden?: readonly number[];
  readonly activation?: Activation;
  readonly initializer?: Initializer;
  readonly dropout?: number;
  readonly l1?: number;
  readonly l2?: number;
  readonly optimizer?: string;
  readonly schedule?: string;
  readonly engine?: string;
  readonly dtype?: DType;
  readonly batchSize?: number | "all";
  readonly accumulate?: number;
  readonly epochs?: number;
  readonly tolerance?: number;
  readonly patience?: number;
  readonly seed: number;
  readonly json?: true;
  readonly quiet?: true;
  readonly events?: string;
  readonly csv?: string;
  /** Path of a picture, or "-" for the terminal. */
  readonly plot?: string;
  readonly logX?: true;
  readonly logY?: true;
  readonly report?: string;
  readonly tensorboard?: string;
  readonly save?: string;
  readonly checkpoint?: string;
  readonly checkpointEvery?: number;
  readonly resume?: true | string;
}

/** Flags of neural networks alone. */
export const networkFlags = ["hidden", "activation", "initializer", "dropout"] as const;

const oneOf = (kind: string, choices: readonly string[]) => (text: string) =>
  requireChoice(kind, text, choices);

export function defineTrainFlags(command: Command): void {
  const option = (flags: string, about: string, read?: (text: string) => unknown) =>
    new Option(flags, about).argParser(read ?? ((text) => text));
  const group = (title: string, options: readonly Option[]) => {
    for (const one of options) command.addOption(one.helpGroup(title));
  };
  command.addArgument(
    new Argument("<model>", Object.keys(models).join(", ")).argParser(oneOf("model", Object.keys(models))),
  );
  group("Data:", [
    option(
      "--data <name|file.csv>",
      "a dataset (see downhill list datasets) or a CSV file",
    ).makeOptionMandatory(),
    option("--target <column>", "column to predict; default the dataset's own"),
    option("--features <columns>", "columns to predict from, a,b,c; default all numbers", names),
    option(
      "--task <task>",
      "regression or classification; default by the target",
      oneOf("task", ["regression", "classification"]),
    ),
    option("--one-hot", "turn columns of text into columns of 0 and 1"),
    option(
      "--missing <what>",
      "rows with missing values: error, drop, mean or median",
      oneOf("way with missing values", ["error", "drop", "mean", "median"]),
    ),
    option("--weight <column>", "column of the rows' weights"),
    option("--split <share|none>", "share of the rows kept for testing", share("--split")).default(0.2),
    option(
      "--validation <share|none>",
      "share of the rows looked at after each epoch",
      share("--validation"),
    ).default("none"),
  ]);
  group("Model:", [
    option(
      "--hidden <widths>",
      "mlp: widths of the hidden layers, 64,32, or none (default: 64)",
      wholes("--hidden"),
    ),
    option(
      "--activation <name>",
      "mlp: between layers (default: relu)",
      oneOf("activation", Object.keys(activations)),
    ),
    option("--initializer <name>", "mlp: how weights start", oneOf("initializer", Object.keys(initializers))),
    option("--dropout <rate>", "mlp: part of the hidden outputs that is dropped", positive("--dropout")),
    option("--l1 <strength>", "penalty on the weights' absolute values", positive("--l1")),
    option("--l2 <strength>", "penalty on the weights' squares", positive("--l2")),
  ]);
  command.optionsGroup("Training:");
  group("Training:", [
    option("--optimizer <name>", "see downhill list optimizers (default: gradient-descent; mlp: adamw)"),
  ]);
  addOptimizerFlags(command);
  group("Training:", [
    option("--schedule <name>", "see downhill list schedules (default: constant; mlp: cosine)"),
    option("--engine <name>", "see downhill list engines", oneOf("engine", Object.keys(engines))).default(
      "js",
    ),
    option(
      "--dtype <type>",
      "float32 or float64 (default: float64; mlp: float32)",
      oneOf("dtype", ["float32", "float64"]),
    ),
    option("--batch-size <n|all>", "rows in a batch (default: all; mlp: 32)", wholeOrAll("--batch-size")),
    option("--accumulate <n>", "batches joined into one update", whole("--accumulate")),
    option("--epochs <n>", "most passes over the data (default: 10000; mlp: 30)", whole("--epochs", 0)),
    option(
      "--tolerance <norm>",
      "gradient norm at which training over all rows has converged",
      positive("--tolerance"),
    ),
    option(
      "--patience <n>",
      "end after n epochs without a better validation loss, at the best",
      whole("--patience"),
    ),
    option("--seed <n>", "of the split, the start and the order of rows", whole("--seed", 0)).default(0),
  ]);
  group("Output:", [
    option("--json", "events as lines of JSON on stdout, the last one run-end"),
    option("--quiet", "no progress on stderr"),
    option(
      "--plot [file]",
      "draw the loss curve: into a .svg or .png file, or live in the terminal",
      picture("--plot"),
    ).preset("-"),
    option("--log-x", "logarithmic steps in that curve"),
    option("--log-y", "logarithmic losses in that curve (default: where they span powers of ten)"),
    option("--events <file>", "write all events to a file, as lines of JSON"),
    option("--csv <file>", "write a row for each epoch to a file"),
    option("--report <file>", "write a report with all curves and pictures (HTML)"),
    option("--tensorboard <folder>", "write the run's event files for TensorBoard"),
    option("--save <file>", "write the trained model (safetensors)"),
    option("--checkpoint <file>", "save the run's whole state, to go on from it"),
    option(
      "--checkpoint-every <n>",
      "epochs between checkpoints (default: every 30 s)",
      whole("--checkpoint-every"),
    ),
    option("--resume [file]", "go on from the checkpoint"),
  ]);
}
