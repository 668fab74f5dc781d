import { formatRange, type Hyper, type Options } from "@downhill/core";
import { catalogue } from "@downhill/optimizers";

/** Makes an optimizer of settings by name. */
export type Maker = (typeof catalogue)["rules"][string] | (typeof catalogue)["methods"][string];

/** All optimizers by name. */
export const optimizers: Readonly<Record<string, Maker>> = { ...catalogue.rules, ...catalogue.methods };

/** Something about an optimizer that a flag can set. */
export interface Setting {
  readonly name: string;
  /** As a flag says it: `weight-decay`. */
  readonly flag: string;
  readonly default: number | boolean | string;
  readonly about: string;
  /** What may be given: `[0, 1)`, `torch, keras`, or nothing for a switch. */
  readonly range: string;
  readonly isSwitch: boolean;
}

/** Hyper-parameters and options of an optimizer, from its schema. */
export function settingsOf({ definition }: Maker): readonly Setting[] {
  const hypers = Object.entries(definition.hyper as Readonly<Record<string, Hyper>>).map(([name, hyper]) => ({
    ...{ name, flag: kebab(name), default: hyper.default, about: hyper.about },
    ...{ range: formatRange(hyper), isSwitch: false },
  }));
  const options = Object.entries(definition.options as Options).map(([name, option]) => {
    const flag = kebab(name);
    if (typeof option === "boolean")
      return { name, flag, default: option, about: "", range: "", isSwitch: true };
    if ("about" in option) {
      const { about, min } = option;
      return { name, flag, default: option.default, about, range: `from ${min}`, isSwitch: false };
    }
    return { name, flag, default: option[0]!, about: "", range: option.join(", "), isSwitch: false };
  });
  return [...hypers, ...options];
}

/** `weightDecay` as a flag: `weight-decay`. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
