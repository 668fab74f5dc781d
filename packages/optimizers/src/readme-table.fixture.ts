import type { Rule } from "@downhill/core";
import { catalogue } from "./catalogue.js";
import { describe } from "./describe/index.js";
import { operatorsOf, reductions, traceRule } from "./rules/trace.fixture.js";
import { casesOf, deviationOnJs, fixtures } from "./trajectories.fixture.js";

/** The tables of rules and methods in this package's README, from the graphs and the recorded trajectories. */
export function readmeTables(): string {
  const rules = Object.entries(catalogue.rules).map(([name, make]) => {
    const rule = make();
    return [
      `\`${name}\``,
      linked(rule.paper),
      kindOf(rule),
      ...memoryOf(rule),
      oracleOf(name),
      deviationOf(name),
    ];
  });
  const methods = Object.entries(catalogue.methods).map(([name, make]) => [
    `\`${name}\``,
    linked(make().paper),
  ]);
  return [
    table(["rule", "paper", "kind", "state", "passes", "oracle", "deviation"], rules),
    table(["method", "paper"], methods),
  ].join("\n\n");
}

/** Every rule's update in this package's README, as `describe` has it. */
export function readmeUpdates(): string {
  const updates = Object.entries(catalogue.rules).map(
    ([name, make]) => `${name}\n${describe(make()).text.replaceAll(/^/gm, "  ")}`,
  );
  return ["```text", updates.join("\n"), "```"].join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

const linked = (paper: string) =>
  paper.replaceAll(
    /https:\/\/(\S+)/g,
    (link, rest: string) => `[${rest.replace(/^www\.|\/$/g, "")}](${link})`,
  );

function kindOf(rule: Rule<any>): string {
  const operators = operatorsOf(rule);
  if (operators.has("matmul")) return "matrix products";
  if (operators.has("acrossParameters")) return "global sums";
  return reductions.some((name) => operators.has(name)) ? "sums per tensor" : "elementwise";
}

/** State of a matrix parameter, and how often an update passes over memory of the parameter's size. */
function memoryOf(rule: Rule<any>): [string, string] {
  const { state, before } = traceRule(rule, [2, 3]);
  const slots = Object.entries(rule.slots({ name: "p", shape: [2, 3] }));
  const count = (scope: string) => slots.filter(([, { per }]) => per === scope).length;
  const parts = [
    [count("element"), "×"],
    [count("tensor"), " a tensor"],
    [count("run"), " a run"],
  ].filter(([n]) => n !== 0);
  const changed = slots.filter(([name, { per }]) => per === "element" && state[name] !== before[name]).length;
  // Parameter read and written, gradient read, state read and, where it changes, written.
  return [parts.map((part) => part.join("")).join(" + ") || "none", String(3 + count("element") + changed)];
}

/** Who made the numbers: the first clause of a fixture's source. */
function oracleOf(name: string): string {
  const { source } = fixtures.find(({ rule }) => rule === name)!;
  return source.split(/[,;(]| with | without | on w /)[0]!.trim();
}

/** The power of ten that no deviation from what was recorded exceeds, in float64, the conventions included. */
function deviationOf(name: string): string {
  const largest = Math.max(...casesOf(name).map((one) => deviationOnJs(catalogue.rules[name]!, one)));
  return largest === 0 ? "0" : `1e${Math.ceil(Math.log10(largest))}`;
}
