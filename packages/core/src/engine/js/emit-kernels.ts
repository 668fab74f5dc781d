import type { FillStep, GatherStep, MatmulStep, ScatterStep } from "../../program/plan.js";

export function emitMatmul({ batch, m, n, k, a, b, out }: MatmulStep): string {
  const r = batch.length;
  const batchIndex = (x: { offset: number; strides: readonly number[] }) =>
    [x.offset, ...batch.map((_, axis) => `q${axis} * ${x.strides[axis]}`)].join(" + ");
  let code = `for (let i = 0; i < ${m}; i++) for (let j = 0; j < ${n}; j++) {
let t = 0;
for (let l = 0; l < ${k}; l++) t += b${a.buffer}[${batchIndex(a)} + i * ${a.strides[r]} + l * ${a.strides[r + 1]}] * b${b.buffer}[${batchIndex(b)} + l * ${b.strides[r]} + j * ${b.strides[r + 1]}];
b${out.buffer}[${batchIndex(out)} + i * ${out.strides[r]} + j * ${out.strides[r + 1]}] = t;
}\n`;
  for (let axis = r - 1; axis >= 0; axis--) {
    code = `for (let q${axis} = 0; q${axis} < ${batch[axis]}; q${axis}++) {\n${code}}\n`;
  }
  return code;
}

export function emitGather({ before, length, after, count, source, indices, out }: GatherStep): string {
  return `for (let i = 0; i < ${before}; i++) for (let j = 0; j < ${count}; j++) {
const at = b${indices.buffer}[${indices.offset} + j];
const to = ${out.offset} + (i * ${count} + j) * ${after};
if (at >= 0 && at < ${length}) {
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
if (at >= 0 && at < ${length}) {
const to = ${out.offset} + (i * ${length} + at) * ${after};
const from = ${source.offset} + (i * ${count} + j) * ${after};
for (let l = 0; l < ${after}; l++) b${out.buffer}[to + l] += b${source.buffer}[from + l];
}
}\n`;
}

export function emitFill({ value, count, access }: FillStep): string {
  return `b${access.buffer}.fill(${value}, ${access.offset}, ${access.offset + count});\n`;
}
