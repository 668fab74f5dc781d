import { minimize, type Optimizer, type Result } from "@downhill/core";
import type { Trail } from "@downhill/reporter-html";
import { compareRuns, contour, type RunSummary, terminalLook } from "@downhill/reporter-terminal";
import { Argument, type Command, Option } from "commander";
import { engines } from "../engines.js";
import { exitCodes, requireChoice, UsageError } from "../errors.js";
import { names, numbers, picture, positive, whole } from "../flags.js";
import { landscapeSvg } from "../landscape.js";
import {
  addOptimizerFlags,
  makeOptimizer,
  type OptimizerSpec,
  optimizerFlags,
  parseOptimizer,
  requireSettings,
} from "../optimizer-flags.js";
import { plainFunction } from "../plain-function.js";
import { type Problem, problems } from "../problems.js";
import { parseSchedule } from "../schedules.js";
import { requireWritable, writeWholeFile } from "../write-file.js";

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
}

type Found = Result<{ readonly x: number; readonly y: number }>;

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
      ).default("js"),
    )
    .addOption(option("--seed <n>", "of optimizers that draw random numbers", whole("--seed", 0)).default(0))
    .addOption(
      option(
        "--plot [file]",
        "where to draw the landscape: a .svg or .png file, or - for the terminal, as by default",
        picture("--plot"),
      ).preset("-"),
    )
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
  const runs = specs.map((spec) => ({ spec, optimizer: makeOptimizer(spec, { given, schedule }) }));

  if (plotFile) await requireWritable("--plot", plotFile);

  const [x, y] = flags.start ?? problem.start;
  const found = runs.map(({ spec, optimizer }) => ({
    spec,
    optimizer,
    result: descend(problem, { x, y }, optimizer, flags),
  }));
  if (plotFile) await writePlot(plotFile, name, problem, found);
  process.stdout.write(
    flags.json
      ? found.map((run) => `${asJson(name, run)}\n`).join("")
      : `${plotFile ? "" : `${landscape(name, problem, found)}\n\n`}${comparison(problem, found)}\n`,
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

function descend(
  problem: Problem,
  start: { x: number; y: number },
  optimizer: Optimizer<any>,
  flags: Flags,
): Found {
  return minimize(problem.f, {
    start,
    optimizer,
    engine: engines[flags.engine]!.make(),
    maxSteps: flags.steps,
    gradientTolerance: flags.tolerance,
    seed: flags.seed,
    history: true,
  });
}

interface Finished {
  readonly spec: OptimizerSpec;
  readonly optimizer: Optimizer<any>;
  readonly result: Found;
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
  const trails = found.map(({ spec, result }): Trail => {
    const points = result.history!.flatMap(({ parameters: { x, y } }) => [x, y]);
    return { name: spec.text, points };
  });
  const svg = landscapeSvg(titleOf(name, problem), problem, trails);
  // Only who wants a PNG needs what makes it, which is native code.
  const bytes = path.endsWith(".png")
    ? (await import("@downhill/reporter-html/png")).png(svg)
    : Buffer.from(svg);
  await writeWholeFile(path, bytes);
}

const titleOf = (name: string, { about }: Problem) => `${name}: ${about}`;

function terminalStyle() {
  const look = terminalLook(process.stdout);
  return { ...look, width: Math.min(look.width, 120) };
}

/** The landscape with the ways through it. */
function landscape(name: string, problem: Problem, found: readonly Finished[]): string {
  return contour({
    ...terminalStyle(),
    f: plainFunction(problem.f),
    xRange: problem.view[0],
    yRange: problem.view[1],
    paths: found.map(({ spec, result }) => ({
      name: spec.text,
      points: result.history!.map(({ parameters: { x, y } }) => [x, y] as const),
    })),
    title: titleOf(name, problem),
  });
}

/** The curves, and how each run ended. */
function comparison(problem: Problem, found: readonly Finished[]): string {
  const summaries = found.map(({ spec, result }): RunSummary => {
    // The start and what is at the minimum have no place on logarithmic axes.
    const above = result.history!.map(({ step, value }) => ({ step, gap: value - problem.minimum }));
    const shown = above.filter(({ step, gap }) => step > 0 && gap > 0);
    const curve = { x: shown.map(({ step }) => step), y: shown.map(({ gap }) => gap) };
    return { name: spec.text, ...result, curve };
  });
  return compareRuns(summaries, {
    ...terminalStyle(),
    logX: true,
    logY: true,
    xLabel: "step",
    yLabel: "value above the minimum",
  });
}
