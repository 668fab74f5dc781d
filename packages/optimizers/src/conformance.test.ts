import { chain, type Rule, type Transform } from "@downhill/core";
import { optimizerSuite } from "@downhill/testing";
import { describe, it } from "vitest";
import { freeze, noDecay, partition } from "./groups/index.js";
import { adam } from "./rules/adam.js";
import { adamw } from "./rules/adamw.js";
import {
  adaptiveClip,
  centralize,
  clipByGlobalNorm,
  clipByNorm,
  clipByValue,
  coupledDecay,
  l1,
} from "./transforms/index.js";
import {
  absoluteDecay,
  accumulate,
  cautious,
  cautiousDecay,
  decoupledDecay,
  ema,
  lookahead,
  skipNonFinite,
  swa,
} from "./wrappers/index.js";

type Settings = Readonly<Record<string, any>>;
type Compose = (settings: Settings) => Rule<any>;

/** Settings that belong to one part of a composition; unknown ones go to the rule, which refuses them. */
function share(settings: Settings, names: readonly string[]): [own: Settings, rest: Settings] {
  const entries = Object.entries(settings);
  return [
    Object.fromEntries(entries.filter(([name]) => names.includes(name))),
    Object.fromEntries(entries.filter(([name]) => !names.includes(name))),
  ];
}

const transformed =
  (
    make: ((settings: any) => Transform<any>) & { readonly definition: { readonly hyper: object } },
  ): Compose =>
  (settings) => {
    const [own, rest] = share(settings, Object.keys(make.definition.hyper));
    return chain(make(own), adam(rest));
  };

const wrapped =
  (
    wrap: ((rule: any, settings: any) => Rule<any>) & { readonly definition: { readonly hyper: object } },
  ): Compose =>
  (settings) => {
    const [own, rest] = share(settings, Object.keys(wrap.definition.hyper));
    return wrap(adamw(rest), own);
  };

const grouped: Compose = (settings) =>
  partition({
    rest: adamw(
      Object.fromEntries(Object.entries(settings).map(([name, value]) => [name.replace("rest.", ""), value])),
    ),
  });

const subjects: readonly (readonly [string, Compose])[] = [
  ...[adaptiveClip, centralize, clipByGlobalNorm, clipByNorm, clipByValue, coupledDecay, l1].map(
    (make) => [`chain(${make.definition.name}, adam)`, transformed(make)] as const,
  ),
  ...[
    absoluteDecay,
    accumulate,
    cautious,
    cautiousDecay,
    decoupledDecay,
    ema,
    lookahead,
    skipNonFinite,
    swa,
  ].map((wrap) => [`${wrap.definition.name}(adamw)`, wrapped(wrap)] as const),
  ["partition(rest: adamw)", grouped],
  ["freeze(adamw, s)", (settings) => freeze(adamw(settings), "s")],
  ["no-decay(adamw)", (settings) => noDecay(adamw(settings))],
];

const solves: Readonly<Record<string, Settings>> = {
  "ema(adamw)": { decay: 0.9 },
  "absolute-decay(adamw)": { weightDecay: 1e-5 },
};

/** What cannot hold, and why. */
const exceptions: Readonly<Record<string, string>> = {
  "refuses misspelt and impossible hyper-parameters": "a part refuses them under its own name",
  "finds the bottom of a bowl, chain(centralize, adam)": "inputs move together no more",
  "finds the bottom of a bowl, freeze(adamw, s)": "the bowl has no s",
  "finds the bottom of a bowl, swa(adamw)": "the mean of all points remembers the start",
};

describe.each(subjects)("%s", (name, compose) => {
  for (const { title, run } of optimizerSuite) {
    if (title in exceptions || `${title}, ${name}` in exceptions) continue;
    it(title, async () => {
      await run({
        make: (settings = {}) => compose(settings),
        solves: { learningRate: 0.02, ...solves[name] },
      });
    });
  }
});
