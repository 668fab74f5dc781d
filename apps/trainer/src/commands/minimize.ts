import { renderReport, type Trail } from "@downhill/reporter-html";
import { Argument, type Command, Option } from "commander";
import { engines } from "../engines.js";
import { exitCodes, requireChoice, UsageError } from "../errors.js";
import { names, numbers, picture, positive, whole } from "../flags.js";
import { landscapeSvg } from "../landscape.js";
import {
  addOptimizerFlags,
  makeOptimizer,
  optimizerFlags,
  parseOptimizer,
  requireSettings,
} from "../optimizer-flags.js";
import { type Problem, problems } from "../problems.js";
import { type Finished, race } from "../race.js";
import { raceLandscape, raceTable, titleOf } from "../race-picture.js";
import { parseSchedule } from "../schedules.js";
import { requireWritable, writePicture, writeWholeFile } from "../write-file.js";

interface Flags {
  readonly optimizer: readonly string[];
  readonly schedule?: string;
  readonly start?: readonly [number, number];
  readonly steps: number;
  readonly tolerance: number;
  readonly engine: string;
  readonly seed: number;
  readonly json?: true;
  /** Path of a picture, or "-" for the terminal. */
  readonly plot?: string;
  readonly report?: string;
}

export function define(command: Command): void {
  const option = (flags: string, about: string, read?: (text: string) => unknown) =>
    new Option(flags, about).argParser(read ?? ((text) => text));
  const problemNames = Object.keys(problems);
  const engineNames = Object.keys(engines);
  command
    .addArgument(
      new Argument("<problem>", problemNames.join(", ")).argParser((text) =>
        requireChoice("problem", text, problemNames),
      ),
    )
    .addOption(
      option(
        "--optimizer <names>",
        "a,b,c, each with settings of its own where needed: adam:lr=0.1:beta1=0.8",
        names,
      ).default(["gradient-descent", "adam", "lbfgs"], "gradient-descent,adam,lbfgs"),
    );
  addOptimizerFlags(command);
  command
    .addOption(option("--schedule <name>", "see downhill list schedules"))
    .addOption(option("--start <x,y>", "where to begin; default the problem's own", numbers("--start", 2)))
    .addOption(option("--steps <n>", "most updates", whole("--steps", 0)).default(10_000))
    .addOption(
      option(
        "--tolerance <norm>",
        "gradient norm at which it has converged",
        positive("--tolerance"),
      ).default(1e-6),
    )
    .addOption(
      option("--engine <name>", "see downhill list engines", (text) =>
        requireChoice("engine", text, engineNames),
      ).default("light"),
    )
    .addOption(option("--seed <n>", "of optimizers that draw random numbers", whole("--seed", 0)).default(0))
    .addOption(
      option(
        "--plot [file]",
        "where to draw the landscape: a .svg or .png file, or - for the terminal, as by default",
        picture("--plot"),
      ).preset("-"),
    )
    .addOption(option("--report <file>", "write a report with the landscape, the ways and all curves (HTML)"))
    .addOption(option("--json", "a line of JSON for each optimizer"));
}

/** Runs optimizers on a test problem, and shows their ways and ends side by side. */
export async function act(command: Command): Promise<number> {
  const name = command.processedArgs[0] as string;
  const problem = problems[name]!;
  const flags = command.opts<Flags>();
  if (flags.json && flags.plot === "-") {
    throw new UsageError(
      "--json and a --plot in the terminal cannot share stdout: give --plot a file, or leave one out.",
    );
  }
  const plotFile = flags.plot === "-" ? undefined : flags.plot;
  const specs = flags.optimizer.map(parseOptimizer);
  const given = optimizerFlags(command);
  requireSettings(specs, given);
  const schedule =
    flags.schedule === undefined ? undefined : overSteps(parseSchedule(flags.schedule), flags.steps);
  const racers = specs.map((spec) => ({
    name: spec.text,
    optimizer: makeOptimizer(spec, { given, schedule }),
  }));

  if (plotFile) await requireWritable("--plot", plotFile);
  if (flags.report) await requireWritable("--report", flags.report);

  const found = race(name, problem, racers, {
    ...(flags.start && { start: { x: flags.start[0], y: flags.start[1] } }),
    engine: engines[flags.engine]!.make(),
    maxSteps: flags.steps,
    gradientTolerance: flags.tolerance,
    seed: flags.seed,
  });
  if (plotFile) await writePlot(plotFile, name, problem, found);
  if (flags.report) await writeReport(flags.report, name, found);
  process.stdout.write(
    flags.json
      ? found.map((run) => `${asJson(name, run)}\n`).join("")
      : `${plotFile ? "" : `${raceLandscape(name, problem, found, process.stdout)}\n\n`}${raceTable(problem, found, process.stdout)}\n`,
  );
  return found.some(({ result }) => result.status.kind === "diverged") ? exitCodes.diverged : exitCodes.done;
}

/** "run" in a schedule is as many steps as may be made. */
function overSteps(schedule: ReturnType<typeof parseSchedule>, steps: number): typeof schedule {
  return (learningRate) => {
    const made = schedule(learningRate);
    return typeof made === "number" ? made : (made.forRun?.(steps) ?? made);
  };
}

function asJson(problem: string, { optimizer, result }: Finished): string {
  const { history: _, gradientSource: __, ...rest } = result;
  const { name, settings, options } = optimizer;
  return JSON.stringify({ type: "run-end", problem, optimizer: { name, hyper: settings, options }, ...rest });
}

async function writePlot(
  path: string,
  name: string,
  problem: Problem,
  found: readonly Finished[],
): Promise<void> {
  const trails = found.map(({ name, result }): Trail => {
    const points = result.history!.flatMap(({ parameters: { x, y } }) => [x, y]);
    return { name, points };
  });
  await writePicture(path, landscapeSvg(titleOf(name, problem), problem, trails));
}

async function writeReport(path: string, name: string, found: readonly Finished[]): Promise<void> {
  const title = `${name}: ${found.map((run) => run.name).join(", ")}`;
  const page = renderReport(
    found.map(({ events }) => events),
    { title },
  );
  await writeWholeFile(path, Buffer.from(page));
}
