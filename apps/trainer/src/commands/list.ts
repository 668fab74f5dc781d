import { styleText } from "node:util";
import { datasets } from "@downhill/datasets";
import { terminalLook } from "@downhill/reporter-terminal";
import { Argument, type Command, Option } from "commander";
import { engines } from "../engines.js";
import { exitCodes, requireChoice } from "../errors.js";
import { optimizers, settingsOf } from "../optimizers.js";
import { problems } from "../problems.js";
import { argumentsOf, schedules } from "../schedules.js";

/** Something to choose, and what can be said of it. */
interface Entry {
  readonly name: string;
  readonly about: string;
  /** Flags or arguments, with default, range and a line on each. */
  readonly settings?: readonly Row[];
  readonly [other: string]: unknown;
}

interface Row {
  readonly flag: string;
  readonly default?: unknown;
  readonly range: string;
  readonly about: string;
}

const lists: Readonly<Record<string, () => readonly Entry[]>> = {
  optimizers: () =>
    Object.entries(optimizers).map(([name, maker]) => ({
      name,
      about: maker.definition.paper,
      settings: settingsOf(maker).map(({ flag, default: initial, range, about }) => ({
        ...{ flag: `--${flag}`, default: initial, range, about },
      })),
    })),
  datasets: () =>
    Object.entries(datasets).map(([name, { about, table }]) => ({
      ...{ name, about: `${about.title}. ${about.rows} rows, ${about.licence}` },
      ...{
        source: about.source,
        targets: about.targets,
        columns: table().columns.map((column) => column.name),
      },
    })),
  problems: () =>
    Object.entries(problems).map(([name, { about, source, start, minima, minimum }]) => ({
      ...{ name, about, source, start, minima, minimum },
    })),
  engines: () => Object.entries(engines).map(([name, { about }]) => ({ name, about })),
  schedules: () => [
    ...Object.entries(schedules).map(([name, make]) => ({
      name,
      about: make.definition.source,
      settings: argumentsOf(make).map(([flag, , { about, expected, default: initial, fits }]) => ({
        ...{ flag, default: initial ?? (fits("run") ? "run" : undefined), range: expected, about },
      })),
    })),
    {
      name: "warmup:<steps>",
      about: "Rises to the learning rate; before another schedule: warmup:100,cosine",
    },
  ],
};

export function define(command: Command): void {
  const kinds = Object.keys(lists);
  command
    .addArgument(
      new Argument("<what>", kinds.join(", ")).argParser((text) => requireChoice("list", text, kinds)),
    )
    .addArgument(new Argument("[name]", "only this one"))
    .addOption(new Option("--json", "a line of JSON for each"));
}

/** Shows what there is to choose from. */
export async function act(command: Command): Promise<number> {
  const [kind, name] = command.processedArgs as [string, string | undefined];
  const all = lists[kind]!();
  if (name !== undefined)
    requireChoice(
      kind.replace(/s$/, ""),
      name,
      all.map((entry) => entry.name),
    );
  const shown = all.filter((entry) => name === undefined || entry.name === name);
  const { json } = command.opts<{ json?: true }>();
  process.stdout.write(json ? shown.map((entry) => `${JSON.stringify(entry)}\n`).join("") : asText(shown));
  return exitCodes.done;
}

function asText(entries: readonly Entry[]): string {
  const { color } = terminalLook(process.stdout);
  const paint = (format: "bold" | "dim", text: string) => (color > 0 ? styleText(format, text) : text);
  const nameWidth = Math.max(...entries.map(({ name }) => name.length));
  const rows = entries.flatMap(({ settings = [] }) => settings);
  const widths = (["flag", "default", "range"] as const).map((key) =>
    Math.max(0, ...rows.map((row) => cell(row[key]).length)),
  );
  return entries
    .map(({ name, about, settings }) => {
      const head = settings
        ? `${paint("bold", name)}  ${paint("dim", about)}`
        : `${paint("bold", name.padEnd(nameWidth))}  ${about}`;
      const lines = (settings ?? []).map((row) => {
        const cells = [row.flag, row.default, row.range].map((value, i) => cell(value).padEnd(widths[i]!));
        return `  ${[...cells, row.about].join("  ")}`.trimEnd();
      });
      return `${[head, ...lines].join("\n")}\n${settings ? "\n" : ""}`;
    })
    .join("");
}

function cell(value: unknown): string {
  return value === undefined ? "" : String(value);
}
