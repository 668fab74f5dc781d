import { didYouMean } from "@downhill/core";
import { Command, CommanderError } from "commander";
import manifest from "../package.json" with { type: "json" };
import { exitCodes, UsageError } from "./errors.js";

/** A command: what it takes, and what it does, which ends in an exit code. */
interface CommandModule {
  define(command: Command): void;
  act(command: Command): Promise<number>;
}

/** Commands by name; only the one that is called is loaded. */
const commands: Readonly<
  Record<string, { readonly about: string; readonly load: () => Promise<CommandModule> }>
> = {
  train: { about: "train a model on a dataset or a CSV file", load: () => import("./commands/train.js") },
  predict: { about: "predict rows with a saved model", load: () => import("./commands/predict.js") },
  minimize: { about: "compare optimizers on a test problem", load: () => import("./commands/minimize.js") },
  report: { about: "make a report of runs from their events", load: () => import("./commands/report.js") },
  list: { about: "show what there is to choose from", load: () => import("./commands/list.js") },
  demo: { about: "train two models and watch them learn", load: () => import("./commands/demo.js") },
};

/** Does what the arguments say; the result is the exit code. Throws a UsageError where they say nothing sensible. */
export async function commandLine(args: readonly string[]): Promise<number> {
  const program = new Command("downhill")
    .description("Train models and compare optimizers.")
    .version(manifest.version);
  let exitCode: number = exitCodes.done;
  const called = args.find((arg) => Object.hasOwn(commands, arg));
  for (const [name, { about, load }] of Object.entries(commands)) {
    const command = program.command(name).description(about).copyInheritedSettings(quiet(program));
    if (name !== called) continue;
    const { define, act } = await load();
    define(command);
    command.action(async () => {
      exitCode = await act(command);
    });
  }
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version have been shown.
    if (error.exitCode === 0) return exitCodes.done;
    if (error.code === "commander.help") return exitCodes.usage;
    throw new UsageError(
      withChoices(error, program.commands.find((command) => command.name() === called) ?? program),
    );
  }
  return exitCode;
}

/** Leaves it to the caller to say what is wrong and to exit. */
function quiet(command: Command): Command {
  return command
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureOutput({ outputError: () => {} });
}

/** Commander's message, with the names that there are. */
function withChoices({ message, code }: CommanderError, command: Command): string {
  const text = `${message.replace(/^error: /, "").replaceAll("'", '"')}.`;
  const wrong = /"(.*)"/.exec(text)?.[1] ?? "";
  const choices: Readonly<Record<string, readonly string[]>> = {
    "commander.unknownOption": command.options.filter(({ hidden }) => !hidden).map(({ long }) => long!),
    "commander.unknownCommand": Object.keys(commands),
  };
  const known = choices[code];
  if (!known) return `${text} See downhill ${command.name()} --help.`;
  const near = didYouMean(wrong, [...known, ...command.options.map(({ long }) => long!)]);
  return `${text}${near} There are ${known.join(", ")}.`;
}
