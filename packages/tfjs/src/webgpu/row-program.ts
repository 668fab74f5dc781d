import { sizeOf } from "@downhill/core";
import type { Access, LoopStep } from "@downhill/core/engine";
import { type Context, Emitter, indicesOf, type Values } from "./emit.js";
import { type Nest, type Reduce, rangeOf, readsOf, reductionOf, storedReduction, stridesOf } from "./nest.js";
import { combine, identity, together } from "./reductions.js";
import { GROUP, type Range, type Task } from "./task.js";

/** Rows of at most so many elements are worked on by one invocation each, if there are many. */
const SHORT = 32;
const MANY = 256;

/** Whether a segment uses what another has reduced for its row. */
export function usesRowValues({ segments }: LoopStep): boolean {
  let first = 0;
  return segments.some(({ body, stores, totals }) => {
    const uses = [
      ...body.flatMap((x) => ("inputs" in x ? x.inputs : [])),
      ...[...stores, ...totals].map(({ value }) => value),
    ];
    const earlier = uses.some((value) => value < first);
    first += body.length;
    return earlier;
  });
}

/**
 * A group for each row, which does the segments one after another: a softmax is one kernel. Reductions that are not one
 * number for the row are left over: what they reduce is stored, and `rest` loads it.
 */
export function rowProgram(step: LoopStep, context: Context): { task: Task; rest: Nest[] } {
  const { memory } = context;
  /** Whether a reduction loses all of its segment's axes and none of the rows'. */
  const isWhole = ({ axes }: Reduce, inner: readonly number[]) =>
    axes.length > 0 && axes.length === inner.length && axes.every((axis) => axis >= step.rows.length);
  const ranges: Range[] = [];
  const rest: Nest[] = [];
  let next = 0;
  const segments = step.segments.map((segment) => {
    const { inner, body } = segment;
    const first = next;
    next += body.length;
    const lengths = [...step.rows, ...inner];
    const ofRow = (value: number) => {
      const x = reductionOf({ body, first }, value);
      return x === undefined || isWhole(x, inner);
    };
    const stores = segment.stores.filter(({ value }) => ofRow(value));
    const left = body.flatMap((x, i) => (x.op === "reduce" && isLeft(first + i) ? [first + i] : []));
    function isLeft(value: number): boolean {
      const used = [...segment.stores, ...segment.totals].some((use) => use.value === value);
      return used && (!ofRow(value) || segment.totals.some((total) => total.value === value));
    }
    for (const value of left) {
      const { by, inputs, axes } = body[value - first] as Reduce;
      let access: Access | undefined = stores.find((store) => store.value === inputs[0])?.access;
      if (access === undefined) {
        access = {
          buffer: memory.workspace,
          offset: memory.take(sizeOf(lengths)),
          strides: stridesOf(lengths),
        };
        stores.push({ value: inputs[0], access });
      }
      const use = <T extends { readonly value: number }>(list: readonly T[]) =>
        list.filter((x) => x.value === value).map((x) => ({ ...x, value: 1 }));
      const uses = { stores: ofRow(value) ? [] : use(segment.stores), totals: use(segment.totals) };
      rest.push(storedReduction(lengths, access, by, axes, uses));
    }
    const all = new Set(body.map((_, i) => first + i));
    ranges.push(
      ...readsOf({ lengths, body, first }, all, context),
      ...stores.map(({ access }) => rangeOf(access, lengths, true)),
    );
    return { inner, body, first, stores };
  });

  const rows = sizeOf(step.rows);
  const alone = rows >= MANY && segments.every(({ inner }) => sizeOf(inner) <= SHORT);
  const task: Task = {
    groups: alone ? Math.ceil(rows / GROUP) : rows,
    ranges,
    code(names) {
      const emitter = new Emitter(names, context);
      const { lines } = emitter;
      if (alone) lines.push(`let row = group * ${GROUP}u + lane;`, `if (row >= ${rows}u) { return; }`);
      else lines.push("let row = group;");
      const rowIndices = indicesOf("row", step.rows, "i", lines);
      const values: Values = new Map();
      const once = (code: string) => (alone ? code : `if (lane == 0u) { ${code} }`);
      for (const { inner, body, first, stores } of segments) {
        const reduces = body.flatMap((x, i) =>
          x.op === "reduce" && isWhole(x, inner) ? [{ value: first + i, by: x.by, input: x.inputs[0] }] : [],
        );
        const isOne = (value: number) => reduces.some((reduce) => reduce.value === value);
        const number = sizeOf(inner);
        const whole = inner.length === 0;
        if (!whole) {
          for (const { value, by } of reduces) lines.push(`var a${value} = ${identity(by)};`);
          const [begin, by] = alone ? ["0u", 1] : ["lane", GROUP];
          lines.push(`for (var e = ${begin}; e < ${number}u; e += ${by}u) {`);
        }
        const indices = [...rowIndices, ...(whole ? [] : indicesOf("e", inner, "e", lines))];
        body.forEach((x, i) => {
          if (x.op !== "reduce" || x.axes.length === 0) emitter.add(x, first + i, values, indices);
        });
        for (const { value, access } of stores) {
          if (isOne(value)) continue;
          const store = `${emitter.element(access, indices)} = ${values.get(value)!.text};`;
          lines.push(whole ? once(store) : store);
        }
        if (!whole) {
          for (const { value, by, input } of reduces) {
            lines.push(`a${value} = ${combine(by, `a${value}`, values.get(input)!.text)};`);
          }
          lines.push("}");
          for (const { value, by } of reduces) {
            lines.push(`let v${value} = ${alone ? `a${value}` : together(by, `a${value}`)};`);
            values.set(value, { text: `v${value}` });
          }
          const corner = [...rowIndices, ...inner.map(() => "0u")];
          for (const { value, access } of stores) {
            if (isOne(value)) lines.push(once(`${emitter.element(access, corner)} = v${value};`));
          }
        }
        if (!alone && stores.length > 0) lines.push("storageBarrier();");
      }
      return lines.join("\n");
    },
  };
  return { task, rest };
}
