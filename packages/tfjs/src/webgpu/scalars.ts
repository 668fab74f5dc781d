import type { ScalarStep } from "@downhill/core/engine";
import { type Context, Emitter, type Values } from "./emit.js";
import { rangesOf } from "./memory.js";
import { rangeOf } from "./nest.js";
import type { Task } from "./task.js";

/** Arithmetic between kernels: one invocation. */
export function scalarTask(step: ScalarStep, context: Context): Task {
  const { memory } = context;
  const sets = new Set(step.body.map(({ scalar }) => scalar));
  const gets = [
    ...step.body.flatMap(({ instruction: x }) => {
      if (x.op === "scalar") return [x.index];
      return "inputs" in x ? x.inputs : [];
    }),
    ...step.stores.map(({ scalar }) => scalar),
  ];
  const scalarRange = (scalar: number, writes: boolean) => rangeOf(memory.scalar(scalar), [], writes);
  return {
    groups: 1,
    ranges: [
      ...rangesOf(step),
      ...gets.filter((scalar) => !sets.has(scalar)).map((scalar) => scalarRange(scalar, false)),
      ...[...sets].map((scalar) => scalarRange(scalar, true)),
    ],
    code(names) {
      const emitter = new Emitter(names, context);
      const { lines } = emitter;
      const values: Values = new Map();
      const get = (scalar: number) => {
        if (!values.has(scalar)) emitter.add({ op: "scalar", index: scalar }, scalar, values, []);
        return values.get(scalar)!.text;
      };
      lines.push("if (lane > 0u) { return; }");
      for (const { scalar, instruction: x } of step.body) {
        if ("inputs" in x) x.inputs.forEach(get);
        emitter.add(x, scalar, values, []);
      }
      for (const scalar of sets) lines.push(`${emitter.scalar(scalar)} = ${get(scalar)};`);
      for (const { scalar, access } of step.stores) {
        lines.push(`${emitter.element(access, [])} = ${get(scalar)};`);
      }
      return lines.join("\n");
    },
  };
}
