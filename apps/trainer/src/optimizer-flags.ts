import { didYouMean, type Optimizer, type Schedule } from "@downhill/core";
import { type Command, Option } from "commander";
import { asUsage, requireChoice, UsageError } from "./errors.js";
import { number } from "./flags.js";
import { kebab, type Maker, optimizers, type Setting, settingsOf } from "./optimizers.js";

/** An optimizer by name, and what was said of it: `adam:lr=0.01:beta1=0.8`. */
export interface OptimizerSpec {
  readonly text: string;
  readonly name: string;
  readonly maker: Maker;
  readonly own: Readonly<Record<string, string>>;
}

/** Texts by name of what was set: numbers and words as they were typed, true for a switch. */
export type Given = Readonly<Record<string, string | true>>;

/** Reads `adam` or `adam:lr=0.01:beta1=0.8`. */
export function parseOptimizer(text: string): OptimizerSpec {
  const [name, ...pairs] = text.trim().split(":");
  requireChoice("optimizer", name!, Object.keys(optimizers));
  const maker = optimizers[name!]!;
  const own = pairs.map((pair) => {
    const [key, value] = pair.split("=");
    if (value === undefined) {
      throw new UsageError(
        `in --optimizer ${text}, "${pair}" is no setting; expected name=value, as in ${name}:lr=0.1.`,
      );
    }
    const flag = key === "lr" ? "learning-rate" : key!;
    const flags = settingsOf(maker).map((setting) => setting.flag);
    return [requireChoice(`setting of ${name}`, flag, flags), value] as const;
  });
  return { text: text.trim(), name: name!, maker, own: Object.fromEntries(own) };
}

/** A flag for each setting of any optimizer. Which of them fit is known when one has been chosen. */
export function addOptimizerFlags(command: Command): void {
  command.addOption(
    new Option("--lr, --learning-rate <number>", "size of the steps (default: the optimizer's)"),
  );
  const taken = new Set(command.options.map(({ long }) => long));
  const settings = new Map<string, Setting>();
  for (const maker of Object.values(optimizers)) {
    for (const setting of settingsOf(maker)) settings.set(setting.flag, setting);
  }
  for (const { flag, isSwitch } of settings.values()) {
    if (taken.has(`--${flag}`)) continue;
    const option = new Option(`--${flag}${isSwitch ? "" : " <value>"}`).hideHelp();
    // A setting called "no…" is no denial of another.
    option.negate = false;
    command.addOption(option);
  }
  command.addHelpText(
    "after",
    "\nAn optimizer's hyper-parameters are flags, too, such as --beta1 0.8: downhill list optimizers shows them.",
  );
}

/** The flags that set optimizers, of all that were given. */
export function optimizerFlags(command: Command): Given {
  const all = new Set(
    Object.values(optimizers).flatMap((maker) => settingsOf(maker).map(({ name }) => name)),
  );
  const given = command.options.filter((option) => {
    const name = option.attributeName();
    const ours = option.hidden || name === "learningRate";
    return ours && all.has(name) && command.getOptionValueSource(name) === "cli";
  });
  return Object.fromEntries(
    given.map((option) => [option.attributeName(), command.getOptionValue(option.attributeName())]),
  );
}

/** Throws for a flag that none of the chosen optimizers has. */
export function requireSettings(specs: readonly OptimizerSpec[], given: Given): void {
  const known = specs.flatMap(({ maker }) => settingsOf(maker));
  for (const name of Object.keys(given)) {
    if (known.some((setting) => setting.name === name)) continue;
    const flags = [...new Set(known.map(({ flag }) => flag))];
    const owners = specs.map((spec) => spec.name).join(", ");
    const list = flags.map((flag) => `--${flag}`).join(", ");
    throw new UsageError(`${owners} has no --${kebab(name)}.${nearFlag(kebab(name), flags)} It has ${list}.`);
  }
}

function nearFlag(name: string, flags: readonly string[]): string {
  return didYouMean(name, flags).replace('"', '"--');
}

export interface Making {
  readonly given: Given;
  /** Turns a learning rate into a schedule. */
  readonly schedule?: ((learningRate: number) => number | Schedule) | undefined;
  /** In place of the optimizer's own default. */
  readonly learningRate?: number | undefined;
}

/** The optimizer with its settings: its own before the flags' before defaults. */
export function makeOptimizer({ name, maker, own }: OptimizerSpec, making: Making): Optimizer<any> {
  const { given, schedule, learningRate } = making;
  const settings: Record<string, unknown> = learningRate === undefined ? {} : { learningRate };
  for (const setting of settingsOf(maker)) {
    const text = own[setting.flag] ?? given[setting.name];
    if (text !== undefined) settings[setting.name] = readSetting(name, setting, text);
  }
  return asUsage(() => {
    const plain = maker(settings);
    if (schedule === undefined) return plain;
    const rate = (plain.settings as { learningRate?: number }).learningRate;
    if (rate === undefined) throw new UsageError(`${name} has no learning rate, so it takes no --schedule.`);
    return maker({ ...settings, learningRate: schedule(rate) });
  });
}

function readSetting(
  owner: string,
  { flag, isSwitch, default: initial, range }: Setting,
  text: string | true,
) {
  if (isSwitch) {
    if (text === true || text === "true") return true;
    if (text === "false") return false;
    throw new UsageError(`${owner}: ${flag} is "${text}"; expected true or false.`);
  }
  if (typeof initial === "string") return text;
  const value = number(String(text));
  if (!Number.isNaN(value)) return value;
  throw new UsageError(
    `${owner}: ${flag} is "${text}"; expected a number ${range.startsWith("from") ? "" : "in "}${range}.`,
  );
}
