import { sizeOf } from "@downhill/core";
import type { Access, FillStep, GatherStep, Instruction, ScatterStep } from "@downhill/core/engine";
import { type Context, Emitter, indicesOf, type Values } from "./emit.js";
import { rangesOf } from "./memory.js";
import { conesOf, type Nest, rangeOf, readsOf, reductionOf } from "./nest.js";
import { GROUP, type Names, type Task } from "./task.js";

/**
 * One invocation for each element, or for four where they lie side by side: all that a nest stores, its reductions apart.
 */
export function elementwiseTask(nest: Nest, context: Context): Task {
  const { lengths, body, first } = nest;
  const { workspace } = context.memory;
  const stores = nest.stores.filter(({ value }) => !reductionOf(nest, value));
  const used = conesOf(
    nest,
    stores.map(({ value }) => value),
  );
  const loads = body.flatMap((x, i) => (x.op === "load" && used.has(first + i) ? [x.access] : []));
  const vectors =
    lengths.length === 1 &&
    lengths[0]! % 4 === 0 &&
    // A single number may be the tensor's last, which belongs to no whole vector.
    loads.every((access) => isAligned(access) || (access.strides[0] === 0 && access.buffer === workspace)) &&
    stores.every(({ access }) => isAligned(access));
  const units = vectors ? [lengths[0]! / 4] : lengths;
  return {
    groups: Math.ceil(sizeOf(units) / GROUP),
    ranges: [...readsOf(nest, used, context), ...stores.map(({ access }) => rangeOf(access, lengths, true))],
    vectors,
    code(names) {
      const emitter = new Emitter(names, context, vectors);
      const indices = invocation(units, names, emitter.lines);
      const values: Values = new Map();
      body.forEach((x, i) => {
        if (used.has(first + i)) emitter.add(x, first + i, values, indices);
      });
      for (const { value, access } of stores) {
        emitter.lines.push(`${emitter.target(access, indices)} = ${values.get(value)!.text};`);
      }
      return emitter.lines.join("\n");
    },
  };
}

/** Whether four elements from a multiple of four on are one vector of their buffer. */
const isAligned = ({ offset, strides }: Access) => strides[0] === 1 && offset % 4 === 0;

/** Indices of the invocation's element; invocations beyond the last return. One axis may have any length. */
function invocation(lengths: readonly number[], names: Names, lines: string[]): readonly string[] {
  const size = sizeOf(lengths);
  const count = lengths.length === 1 ? names.parameter(size) : `${size}u`;
  lines.push(`let i = group * ${GROUP}u + lane;`, `if (i >= ${count}) { return; }`);
  return lengths.length === 1 ? ["i"] : indicesOf("i", lengths, "i", lines);
}

export function fillTask({ value, count, access }: FillStep, context: Context): Task {
  const body: Instruction[] = [{ op: "constant", value }];
  const stores = [{ value: 0, access: { ...access, strides: [1] } }];
  return elementwiseTask({ lengths: [count], body, first: 0, stores, totals: [] }, context);
}

/** The number at `index` as one of [0, length), and whether it is one. */
const indexLines = (index: string, length: number) => [
  `let at = ${index};`,
  `let valid = at >= 0.0 && at < ${length}.0 && floor(at) == at;`,
  "let found = u32(select(0.0, at, valid));",
];

export function gatherTask(step: GatherStep, context: Context): Task {
  const { before, length, after, count, source, indices, out } = step;
  const lengths = [before, count, after];
  return {
    groups: Math.ceil(sizeOf(lengths) / GROUP),
    ranges: rangesOf(step),
    code(names) {
      const emitter = new Emitter(names, context);
      const { lines } = emitter;
      const [i, j, l] = invocation(lengths, names, lines) as [string, string, string];
      lines.push(...indexLines(emitter.element({ ...indices, strides: [1] }, [j]), length));
      const from = emitter.element({ ...source, strides: [length * after, after, 1] }, [i, "found", l]);
      const to = emitter.element({ ...out, strides: [1] }, ["i"]);
      lines.push(`${to} = select(d_nan(), ${from}, valid);`);
      return lines.join("\n");
    },
  };
}

/** Adds in the order of the indices, one invocation for each column: the same bits in every run. */
export function scatterTask(step: ScatterStep, context: Context): Task {
  const { before, length, after, count, source, indices, out } = step;
  const lengths = [before, after];
  return {
    groups: Math.ceil(sizeOf(lengths) / GROUP),
    ranges: rangesOf(step),
    code(names) {
      const emitter = new Emitter(names, context);
      const [i, l] = invocation(lengths, names, emitter.lines) as [string, string];
      const index = emitter.element({ ...indices, strides: [1] }, ["j"]);
      const to = emitter.element({ ...out, strides: [length * after, after, 1] }, [i, "found", l]);
      const from = emitter.element({ ...source, strides: [count * after, after, 1] }, [i, "j", l]);
      return [
        ...emitter.lines,
        `for (var j = 0u; j < ${count}u; j++) {`,
        ...indexLines(index, length),
        `if (valid) { ${to} += ${from}; }`,
        "}",
      ].join("\n");
    },
  };
}
