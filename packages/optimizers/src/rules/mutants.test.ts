import { js, type Rule } from "@downhill/core";
import { describe, expect, it } from "vitest";
import { catalogue } from "../catalogue.js";
import { mutant } from "../mutants.fixture.js";
import { type Case, deviationFrom, type Fixture, fixtures, replay, runOf } from "../trajectories.fixture.js";

/** How many mistakes to try on each rule, out of all that there are. */
const sample = 6;

/** Tried mistakes that change nothing. */
const harmless: Readonly<Record<string, readonly string[]>> = {
  // No norm lies between 0 and a thousandth, and none of them is 0.
  fromage: ["0: 0 changed in gt", "2: 1 changed in where"],
  lamb: ["0: 0 changed in gt"],
  polyak: ["1: 0 changed in eq"],
  // The momentum with the other sign: only its size counts.
  grams: ["4: sign flipped in add"],
  // The sign of a product, -1, 0 or 1, is compared with a thousandth.
  rprop: ["0: 0 changed in broadcastTo"],
  // The momentum a thousandth larger: only its sign counts.
  signum: ["2: 1 changed in sub"],
  tiger: ["2: 1 changed in sub"],
};

const recorded = fixtures.filter(({ rule }) => rule in catalogue.rules);
const make = ({ rule }: Fixture, { hyper, options }: Case) =>
  catalogue.rules[rule]!({ ...hyper, ...options });

/** Whether a rule fails the parity that the right one passes. */
const fails = (fixture: Fixture, change: (rule: Rule<any>) => Rule<any>) =>
  [...fixture.cases].reverse().some((one) => {
    const run = runOf(fixture);
    const made = replay(change(make(fixture, one)), run, one.steps, { engine: js() });
    return !(deviationFrom(one, made, run) <= 1e-12);
  });

/** The mistakes that can be made in a rule with every option on. */
function mistakes(fixture: Fixture): readonly { readonly title: string }[] {
  const seen: (readonly { readonly title: string }[])[] = [];
  const rule = mutant(make(fixture, fixture.cases.at(-1)!), -1, (list) => seen.push(list));
  replay(rule, runOf(fixture), [1], { engine: js() });
  return seen.slice(-3).reduce((a, b) => (b.length > a.length ? b : a));
}

describe.each(recorded.map((fixture) => ({ name: fixture.rule, fixture })))("$name", ({ fixture }) => {
  it("fails parity with any small mistake", () => {
    const list = mistakes(fixture);
    expect(list.length).toBeGreaterThan(0);
    const step = Math.max(1, Math.floor(list.length / sample));
    const tried = list
      .map(({ title }, k) => ({ title: `${k}: ${title}`, k }))
      .filter(({ k }) => k % step === 0);
    const survivors = tried.filter(({ k }) => !fails(fixture, (rule) => mutant(rule, k, () => {})));
    expect(survivors.map(({ title }) => title)).toEqual(harmless[fixture.rule] ?? []);
  });
});
