import type { FillStep, GatherStep, ScatterStep } from "../../program/plan.js";

export function emitGather({ before, length, after, count, source, indices, out }: GatherStep): string {
  return `for (let i = 0; i < ${before}; i++) for (let j = 0; j < ${count}; j++) {
const at = b${indices.buffer}[${indices.offset} + j];
const to = ${out.offset} + (i * ${count} + j) * ${after};
if (Number.isInteger(at) && at >= 0 && at < ${length}) {
const from = ${source.offset} + (i * ${length} + at) * ${after};
for (let l = 0; l < ${after}; l++) b${out.buffer}[to + l] = b${source.buffer}[from + l];
} else for (let l = 0; l < ${after}; l++) b${out.buffer}[to + l] = NaN;
}\n`;
}

export function emitScatter({ before, length, after, count, source, indices, out }: ScatterStep): string {
  const size = before * length * after;
  return `b${out.buffer}.fill(0, ${out.offset}, ${out.offset + size});
for (let i = 0; i < ${before}; i++) for (let j = 0; j < ${count}; j++) {
const at = b${indices.buffer}[${indices.offset} + j];
if (Number.isInteger(at) && at >= 0 && at < ${length}) {
const to = ${out.offset} + (i * ${length} + at) * ${after};
const from = ${source.offset} + (i * ${count} + j) * ${after};
for (let l = 0; l < ${after}; l++) b${out.buffer}[to + l] += b${source.buffer}[from + l];
}
}\n`;
}

export function emitFill({ value, count, access }: FillStep): string {
  return `b${access.buffer}.fill(${value}, ${access.offset}, ${access.offset + count});\n`;
}
