import type { Data } from "@downhill/core";
import { harmlessJson } from "@downhill/core/train";
import { createScaler, encode } from "@downhill/datasets";
import { type Classification, predict } from "@downhill/models";
import { sanitize } from "@downhill/reporter-terminal";
import { type Command, Option } from "commander";
import { toCsv } from "../csv.js";
import { exitCodes } from "../errors.js";
import { loadTable } from "../load-data.js";
import { readModel } from "../model-file.js";

interface Flags {
  readonly model: string;
  readonly data: string;
  readonly json?: true;
}

export function define(command: Command): void {
  command
    .addOption(new Option("--model <file>", "a model that train --save wrote").makeOptionMandatory())
    .addOption(new Option("--data <name|file.csv>", "rows with the model's features").makeOptionMandatory())
    .addOption(new Option("--json", "a line of JSON for each row, instead of CSV"));
}

/** Writes the prediction for each row to stdout: of classes, the probabilities, too. */
export async function act(command: Command): Promise<number> {
  const { model: path, data, json } = command.opts<Flags>();
  const { model, parameters, target, classes = [], encoding } = await readModel(path);
  const x = encode(await loadTable(data), encoding);
  const found = predict(model, parameters, x, { ...(classes.length > 0 && { classes }) });
  const rows =
    "probabilities" in found ? classRows(target, classes, found) : numberRows(target, found, encoding);
  process.stdout.write(
    json
      ? rows.map((row) => `${harmlessJson(JSON.stringify(row))}\n`).join("")
      : forStream(toCsv(rows.map(flat)), process.stdout),
  );
  return exitCodes.done;
}

/** Names from the data go into a file as they are; a terminal might obey them. */
function forStream(text: string, { isTTY }: { readonly isTTY?: boolean }): string {
  return isTTY
    ? text
        .split("\n")
        .map((line) => sanitize(line))
        .join("\n")
    : text;
}

/** A prediction by the target's name, and probabilities by class. */
type Row = Readonly<Record<string, number | string | Readonly<Record<string, number>>>>;

function classRows(
  target: string,
  classes: readonly string[],
  { names, probabilities }: Classification,
): Row[] {
  const of = (row: number) => classes.map((name, c) => [name, probabilities.data[row * classes.length + c]!]);
  return names!.map((name, row) => ({ [target]: name, probabilities: Object.fromEntries(of(row)) }));
}

function numberRows(
  target: string,
  prediction: Data,
  { scaling }: { scaling?: Parameters<typeof createScaler>[0] },
): Row[] {
  const { data } = scaling?.target ? createScaler(scaling).inverseTarget(prediction) : prediction;
  return Array.from(data, (value) => ({ [target]: value }));
}

/** Probabilities as columns of their own: `p(cat)`. */
function flat({ probabilities, ...row }: Row): Readonly<Record<string, string | number>> {
  const columns = Object.entries((probabilities ?? {}) as Record<string, number>).map(([name, p]) => [
    `p(${name})`,
    p,
  ]);
  return { ...(row as Record<string, string | number>), ...Object.fromEntries(columns) };
}
