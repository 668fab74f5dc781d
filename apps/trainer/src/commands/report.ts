import { resolve } from "node:path";
import { readEvents } from "@downhill/core/node";
import { renderReport } from "@downhill/reporter-html";
import { sanitize } from "@downhill/reporter-terminal";
import { Argument, type Command, Option } from "commander";
import { exitCodes, UsageError } from "../errors.js";
import { requireWritable, writeWholeFile } from "../write-file.js";

interface Flags {
  readonly output: string;
  readonly title?: string;
}

export function define(command: Command): void {
  command
    .addArgument(new Argument("<files...>", "events that train --events wrote, a run in each"))
    .addOption(new Option("-o, --output <file>", "where to write the report").default("report.html"))
    .addOption(new Option("--title <text>", "heading (default: the runs' names)"));
}

/** Makes a report of runs from their events, to compare them. */
export async function act(command: Command): Promise<number> {
  const files = command.processedArgs[0] as readonly string[];
  const { output, ...options } = command.opts<Flags>();
  if (files.some((file) => resolve(file) === resolve(output))) {
    throw new UsageError(`--output ${output} is one of the files to read; expected another path.`);
  }
  await requireWritable("--output", output);
  const runs = [];
  for (const file of files) {
    const { events, torn } = await readEvents(file);
    if (torn) process.stderr.write(`note: ${sanitize(torn)}\n`);
    runs.push(events);
  }
  await writeWholeFile(output, Buffer.from(renderReport(runs, options)));
  process.stderr.write(`${sanitize(output)}\n`);
  return exitCodes.done;
}
