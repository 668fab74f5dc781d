import { leaf } from "../expr/tensor.js";
import type { Layout, Program } from "../program/program.js";
import type { Rule } from "./optimizer.js";
import { arenas, type Shapes } from "./trace.js";
import { createUpdater } from "./updater.js";

/**
 * A rule's update of parameters of these shapes as a program by itself, with the memory that it runs on: what `bind`
 * runs at each step. For `explain`, tables and benchmarks.
 */
export function updateProgram(
  rule: Rule<any>,
  shapes: Shapes,
): { readonly program: Program; readonly layout: Layout } {
  const updater = createUpdater(rule, shapes);
  const parameters = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      { parameter: leaf(arenas.parameter, name, shape), gradient: leaf(arenas.gradient, name, shape) },
    ]),
  );
  return {
    program: {
      writes: updater.update(parameters, leaf("output", "value", [])),
      hostScalars: updater.hostScalars,
    },
    layout: {
      [arenas.parameter]: shapes,
      [arenas.gradient]: shapes,
      ...updater.layout,
      output: { value: [] },
    },
  };
}
