import { chain, didYouMean, type Optimizer, type Rule, type Setting, type Transform } from "@downhill/core";
import type { Json } from "@downhill/core/train";
import { type Description, rebuildWith } from "./description.js";

/** A function that `defineOptimizer`, `defineTransform`, `defineWrapper` or `defineMethod` made. */
export interface Maker {
  // What it takes depends on which of them it is.
  (...settings: any[]): Optimizer<any> | Transform<any>;
  readonly definition: {
    readonly name: string;
    readonly hyper: object;
    readonly options: object;
  };
}

/** A function without settings that makes an optimizer of one's own composition. */
export type Composition = () => Optimizer<any>;

const makers = new Map<string, Maker>();
const compositions = new Map<string, Composition>();
let readSchedule: ((json: Json) => Setting) | undefined;

/**
 * Makes optimizers known to `tf.loadLayersModel`, which has their names only: rules, transforms, wrappers and methods
 * as they are imported, `registerOptimizers(adamw, clipByGlobalNorm)`, of which chains and wrapped rules are put
 * together again; and anything else by a function that makes it, `registerOptimizers(() => partition({ … }))`, whose
 * hyper-parameters are then set to what was saved. `import "@downhill/tfjs/optimizers"` registers all of
 * @downhill/optimizers.
 */
export function registerOptimizers(...list: readonly (Maker | Composition)[]): void {
  rebuildWith(rebuild);
  for (const make of list) {
    if ("definition" in make) makers.set(make.definition.name, make);
    else compositions.set(make().name, make);
  }
}

/** Makes schedules known to `tf.loadLayersModel`: `registerSchedules(scheduleFromJSON)` of @downhill/optimizers. */
export function registerSchedules(read: (json: Json) => Setting): void {
  readSchedule = read;
}

/** The optimizer of a description. Throws, saying what to register, when part of it is not known. */
function rebuild({ optimizer: name, settings: described, options }: Description): Optimizer<any> {
  const settings = Object.fromEntries(
    Object.entries(described).map(([key, json]) => [key, settingOf(name, key, json)]),
  );
  const compose = compositions.get(name);
  const made: Optimizer<any> = compose ? { ...compose(), settings } : assemble(name, name, settings, options);
  if (made.name === name && JSON.stringify(made.options) === JSON.stringify(options)) return made;
  throw new Error(
    `tfOptimizer: what is registered makes "${made.name}" with the options ${JSON.stringify(made.options)}; saved was ` +
      `"${name}" with ${JSON.stringify(options)}. Register the one that was saved: registerOptimizers(() => …).`,
  );
}

type Fields = Readonly<Record<string, unknown>>;

/** `chain(a, b, rule)`, `wrapper(rule)`, or a rule or method by itself. */
function assemble(whole: string, name: string, settings: Fields, options: Fields): Optimizer<any> {
  const [, outer, inside] = /^([^()]+)\((.*)\)$/.exec(name) ?? [];
  if (outer === undefined) return find(whole, name)(own(whole, name, settings, options)) as Optimizer<any>;
  const parts = splitList(inside!);
  const rule = assemble(whole, parts.at(-1)!, settings, options) as Rule<any>;
  if (outer !== "chain") {
    const make = find(whole, parts.length === 1 ? outer : name);
    return make(rule, own(whole, outer, settings, under(`${outer}.`, options))) as Optimizer<any>;
  }
  const transforms = parts.slice(0, -1).map((part, i) => {
    const make = find(whole, part);
    return make(own(whole, part, settings, under(`${i}.${part}.`, options))) as Transform<any>;
  });
  return chain(...transforms, rule);
}

function find(whole: string, name: string): Maker {
  const found = makers.get(name);
  if (found) return found;
  const near = didYouMean(name, [...makers.keys()]);
  throw new Error(
    `tfOptimizer: the model was saved with the optimizer "${whole}", and nothing is registered as "${name}".${near} ` +
      'Before loading, import "@downhill/tfjs/optimizers" for those of @downhill/optimizers; ' +
      "registerOptimizers(myRule) makes known a rule of a plugin, and registerOptimizers(() => partition({ … })) " +
      "what is composed in other ways than chains and wrappers.",
  );
}

function settingOf(optimizer: string, key: string, json: Json): Setting {
  if (typeof json === "number") return json;
  if (readSchedule) return readSchedule(json);
  throw new Error(
    `tfOptimizer: ${key} of the saved optimizer "${optimizer}" is a schedule. Before loading, ` +
      'import "@downhill/tfjs/optimizers", or registerSchedules(scheduleFromJSON) of @downhill/optimizers.',
  );
}

/** What of all settings and options a part takes. */
function own(whole: string, part: string, settings: Fields, options: Fields): Fields {
  const { definition } = find(whole, part);
  const pick = (from: Fields, known: object) =>
    Object.fromEntries(Object.entries(from).filter(([key]) => key in known));
  return { ...pick(settings, definition.hyper), ...pick(options, definition.options) };
}

const under = (prefix: string, options: Fields): Fields =>
  Object.fromEntries(
    Object.entries(options).flatMap(([key, value]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [],
    ),
  );

/** The parts of `a, b(c, d), e`. */
function splitList(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    if (text[i] === "(") depth++;
    else if (text[i] === ")") depth--;
    else if (i === text.length || (text[i] === "," && depth === 0)) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  return parts;
}
