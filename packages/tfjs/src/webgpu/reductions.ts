import { sizeOf } from "@downhill/core";
import type { Access } from "@downhill/core/engine";
import { wgsl } from "../shader/wgsl.js";
import { type Context, Emitter, indicesOf, type Values } from "./emit.js";
import { conesOf, type Nest, type Reduce, rangeOf, readsOf } from "./nest.js";
import { GROUP, type Task } from "./task.js";

export type Combination = Reduce["by"];

/** Where the combinations start, and what they are of nothing. */
const identities: Record<Combination, number> = {
  sum: 0,
  prod: 1,
  max: Number.NEGATIVE_INFINITY,
  min: Number.POSITIVE_INFINITY,
};
export const identity = (by: Combination): string => wgsl.literal(identities[by]);

export function combine(by: Combination, a: string, b: string): string {
  if (by === "sum") return `(${a} + ${b})`;
  if (by === "prod") return `(${a} * ${b})`;
  return `d_${by === "max" ? "maximum" : "minimum"}(${a}, ${b})`;
}

/** So many numbers are added one by one before their sum is: what rounding takes does not grow with their number. */
const BLOCK = 64;

/** What a loop runs over; `most` is the number of its iterations. */
interface Range {
  readonly begin: string;
  readonly end: string;
  readonly step: number;
  readonly most: number;
}

/** A loop over `r` that combines `value`, which `lines` compute, into the variable `total`, which it declares. */
function accumulate(
  by: Combination,
  { begin, end, step, most }: Range,
  lines: readonly string[],
  value: string,
): string[] {
  const loop = (target: string, from: string, to: string) => [
    `var ${target} = ${identity(by)};`,
    `for (var r = ${from}; r < ${to}; r += ${step}u) {`,
    ...lines,
    `${target} = ${combine(by, target, value)};`,
    "}",
  ];
  if (by !== "sum" || most <= BLOCK) return loop("total", begin, end);
  return [
    `var total = ${identity(by)};`,
    `for (var block = ${begin}; block < ${end}; block += ${BLOCK * step}u) {`,
    ...loop("part", "block", `min(${end}, block + ${BLOCK * step}u)`),
    "total = total + part;",
    "}",
  ];
}

/** Combines a number of every invocation of a group, for all of them. */
export function together(by: Combination, x: string): string {
  return `together_${by}(${x}, lane)`;
}

/** What `together` calls. */
export function togetherFunctions(code: string): string {
  const called = (["sum", "prod", "max", "min"] as const).filter((by) => code.includes(`together_${by}(`));
  if (called.length === 0) return "";
  const functions = called.map(
    (by) => `fn together_${by}(x: f32, lane: u32) -> f32 {
shares[lane] = x;
workgroupBarrier();
for (var half = ${GROUP / 2}u; half > 0u; half >>= 1u) {
if (lane < half) { shares[lane] = ${combine(by, "shares[lane]", "shares[lane + half]")}; }
workgroupBarrier();
}
let result = shares[0];
workgroupBarrier();
return result;
}
`,
  );
  return `var<workgroup> shares: array<f32, ${GROUP}>;\n${functions.join("")}`;
}

/** Results of fewer elements than this are reduced by a group, or by several, each. */
const FEW = 1024;
/** Elements that a group reduces, if a reduction has more than one. */
const PER_GROUP = 4096;
const MOST_GROUPS = 1024;

/** Groups that a reduction of `count` elements to each of `kept` results is shared by; 0: invocations do it alone. */
export function groupsFor(kept: number, count: number): number {
  if (count <= BLOCK / 2 || kept >= FEW) return 0;
  return Math.min(MOST_GROUPS, Math.ceil(count / PER_GROUP));
}

/** A result and where it goes. */
export interface Destination {
  readonly value: number;
  /** Strides: along the axes that are kept, then from one of the groups that share a result to the next. */
  readonly access: Access;
}

/** Reduces values of a nest that lose the same axes. */
export function reductionTask(
  nest: Nest,
  axes: readonly number[],
  destinations: readonly Destination[],
  context: Context,
): Task {
  const { lengths, body, first } = nest;
  const keptAxes = lengths.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const keptLengths = keptAxes.map((axis) => lengths[axis]!);
  const lostLengths = axes.map((axis) => lengths[axis]!);
  const [kept, count] = [sizeOf(keptLengths), sizeOf(lostLengths)];
  const groups = groupsFor(kept, count);
  const reduces = [...new Set(destinations.map(({ value }) => value))].map((value) => {
    const { by, inputs } = body[value - first] as Reduce;
    // Nothing is read where there is nothing to reduce.
    return { value, by, input: inputs[0], used: count > 0 ? conesOf(nest, [inputs[0]]) : new Set<number>() };
  });
  return {
    groups: groups === 0 ? Math.ceil(kept / GROUP) : kept * groups,
    ranges: [
      ...readsOf(nest, new Set(reduces.flatMap(({ used }) => [...used])), context),
      ...destinations.map(({ access }) => rangeOf(access, [...keptLengths, Math.max(1, groups)], true)),
    ],
    code(names) {
      const emitter = new Emitter(names, context);
      const { lines } = emitter;
      const many = names.parameter(count);
      let range: Range;
      if (groups === 0) {
        lines.push(`let k = group * ${GROUP}u + lane;`, `if (k >= ${kept}u) { return; }`, "let share = 0u;");
        range = { begin: "0u", end: many, step: 1, most: count };
      } else {
        const perGroup = Math.ceil(count / groups);
        const size = names.parameter(perGroup);
        lines.push(`let k = group / ${groups}u;`, `let share = group % ${groups}u;`);
        lines.push(`let begin = share * ${size};`, `let end = min(${many}, begin + ${size});`);
        range = { begin: "begin + lane", end: "end", step: GROUP, most: perGroup / GROUP };
      }
      const keptIndices = indicesOf("k", keptLengths, "k", lines);
      for (const { value, by, input, used } of reduces) {
        const inner = new Emitter(names, context);
        const lostIndices = count > 0 ? indicesOf("r", lostLengths, "r", inner.lines) : [];
        const indices = lengths.map((_, axis) =>
          axes.includes(axis) ? lostIndices[axes.indexOf(axis)]! : keptIndices[keptAxes.indexOf(axis)]!,
        );
        const values: Values = new Map();
        body.forEach((x, i) => {
          if (used.has(first + i)) inner.add(x, first + i, values, indices);
        });
        const stores = destinations
          .filter((destination) => destination.value === value)
          .map(({ access }) => `${emitter.element(access, [...keptIndices, "share"])} = result;`);
        lines.push(
          "{",
          ...accumulate(by, range, inner.lines, values.get(input)?.text ?? identity(by)),
          `let result = ${groups === 0 ? "total" : together(by, "total")};`,
          groups === 0 ? stores.join(" ") : `if (lane == 0u) { ${stores.join(" ")} }`,
          "}",
        );
      }
      return lines.join("\n");
    },
  };
}
