import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { didYouMean } from "@downhill/core";
import { datasets, readCsv, type Samples, type Table, type Task, toSamples } from "@downhill/datasets";
import { isSystemError, requireChoice, UsageError } from "./errors.js";

/** What the flags say about data. */
export interface DataFlags {
  /** Name of a dataset, or path of a CSV file. */
  readonly data: string;
  readonly target?: string;
  readonly features?: readonly string[];
  readonly task?: Task;
  readonly missing?: "error" | "drop" | "mean" | "median";
  readonly oneHot?: boolean;
  readonly weight?: string;
}

/** The table of a dataset, or of a CSV file. */
export async function loadTable(data: string): Promise<Table> {
  return Object.hasOwn(datasets, data)
    ? datasets[data]!.table()
    : readCsv(await readText(data), { name: basename(data) });
}

/** Features and target, as the flags choose them. */
export async function loadSamples({ data, target, features, task, ...rest }: DataFlags): Promise<Samples> {
  const entry = Object.hasOwn(datasets, data) ? datasets[data] : undefined;
  const table = await loadTable(data);
  const columns = table.columns.map(({ name }) => name);
  for (const name of [target, rest.weight, ...(features ?? [])]) {
    if (name !== undefined) requireChoice(`column of ${table.name}`, name, columns);
  }
  const chosen = target ?? targetOf(entry?.about.targets ?? {}, task ?? entry?.about.task);
  if (chosen === undefined) {
    throw new UsageError(
      `--target is missing: the column of ${table.name} to predict. Choose among: ${columns.join(", ")}.`,
    );
  }
  const options = { ...rest, target: chosen, ...(features && { features }), ...(task && { task }) };
  return entry ? entry.load(options) : toSamples(table, options);
}

function targetOf(targets: { readonly [T in Task]?: string }, task: Task | undefined): string | undefined {
  return task && (targets[task] ?? Object.values(targets)[0]);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isSystemError(error) && error.code === "EISDIR")
      throw new UsageError(`--data ${path} is a folder; name a dataset or a CSV file.`);
    if (!isSystemError(error) || error.code !== "ENOENT") throw error;
    const known = Object.keys(datasets);
    throw new UsageError(
      `there is no dataset and no file "${path}".${didYouMean(path, known)} ` +
        `Datasets: ${known.join(", ")}. Or name a CSV file.`,
    );
  }
}
