import { explain, type Rule, type Slot, sizeOf, updateProgram } from "@downhill/core";
import { topologicalOrder } from "@downhill/core/engine";
import { linesOf, type TracedRule, traceRule } from "./lines.js";
import { toLatex, toText } from "./print.js";

/** What a rule does and costs, read from its traced update. */
export interface Description {
  readonly name: string;
  readonly paper: string;
  /** The update, one assignment a line: `m' = β1·m + (1 - β1)·g`; a prime marks what is new. */
  readonly text: string;
  /** The same as an `aligned` environment; what is new has the index t. */
  readonly latex: string;
  /** What the update needs besides elementwise operations. */
  readonly class: "elementwise" | "reductions" | "matrix products";
  readonly state: readonly {
    readonly name: string;
    /** One number for each of the parameter's, one tensor for each parameter, or one scalar for the run. */
    readonly per: Slot["per"];
    readonly shape: readonly number[];
  }[];
  /** Numbers of state for each number of the parameter; what is per tensor or run counts with its share. */
  readonly memory: number;
  /** Kernels that one update of one tensor takes. */
  readonly kernels: number;
  /** Numbers read and written for each number of the parameter, the gradient among the reads. */
  readonly reads: number;
  readonly writes: number;
}

const reductions = new Set<string>(["sum", "mean", "max", "min", "prod", "norm", "dot", "acrossParameters"]);

/**
 * Describes a rule, alone or in chains, wrappers and groups: its update as readable mathematics in plain text and in
 * LaTeX, its state, its memory, reads and writes. The mathematics is that of the parameter named `name` (default "w"), which matters to groups alone, of
 * `shape` (default [64, 48]), which matters to rules that treat matrices by themselves.
 */
export function describe(
  rule: Rule<any>,
  options: { readonly name?: string; readonly shape?: readonly number[] } = {},
): Description {
  const { name = "w", shape = [64, 48] } = options;
  if (rule.kind !== "rule") {
    const { name: method, kind } = rule as { readonly name: string; readonly kind: string };
    throw new TypeError(
      `describe: ${method} is a ${kind}, whose steps are a program of its own; expected a rule, alone or in chains, ` +
        "wrappers and groups.",
    );
  }
  const traced = traceRule(rule, name, shape);
  const lines = linesOf(traced);
  const state = traced.state.map(({ name, per, old }) => ({ name, per, shape: old.shape }));
  // One parameter is not all that a rule's patterns are about.
  const { check: _, ...unchecked } = rule;
  const { program, layout } = updateProgram(unchecked, { [name]: shape });
  const { kernels, bytesRead, bytesWritten } = explain(program, layout);
  const share = (count: number) => Math.round((100 * count) / sizeOf(shape)) / 100;
  return {
    name: rule.name,
    paper: rule.paper,
    text: lines.map(({ symbol, formula }) => `${symbol.text} = ${toText(formula)}`).join("\n"),
    latex: [
      "\\begin{aligned}",
      lines.map(({ symbol, formula }) => `${symbol.latex} &= ${toLatex(formula)}`).join(" \\\\\n"),
      "\\end{aligned}",
    ].join("\n"),
    class: classOf(traced),
    state,
    memory: share(state.reduce((sum, slot) => sum + sizeOf(slot.shape), 0)),
    kernels: kernels.length,
    reads: share(bytesRead / 4),
    writes: share(bytesWritten / 4),
  };
}

function classOf({ parameter, state }: TracedRule): Description["class"] {
  const operators = topologicalOrder([parameter, ...state.map(({ next }) => next)]).map(({ op }) => op);
  if (operators.includes("matmul")) return "matrix products";
  return operators.some((op) => reductions.has(op)) ? "reductions" : "elementwise";
}
