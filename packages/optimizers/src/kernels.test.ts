import { chain, explain, type Rule, updateProgram } from "@downhill/core";
import { describe, expect, it } from "vitest";
import { noDecay, partition } from "./groups/index.js";
import { adam } from "./rules/adam.js";
import { adamw } from "./rules/adamw.js";
import { sgd } from "./rules/sgd.js";
import {
  adaptiveClip,
  centralize,
  clipByGlobalNorm,
  clipByValue,
  coupledDecay,
  l1,
} from "./transforms/index.js";
import {
  absoluteDecay,
  accumulate,
  cautious,
  cautiousDecay,
  decoupledDecay,
  ema,
  lookahead,
  skipNonFinite,
  swa,
} from "./wrappers/index.js";

/** Ten tensors, matrices and vectors, as of a net of five layers. */
const shapes = Object.fromEntries(
  [0, 1, 2, 3, 4].flatMap((layer) => [
    [`w${layer}`, [12 + layer, 13 + layer]],
    [`b${layer}`, [13 + layer]],
  ]),
) as Record<string, readonly number[]>;
const size = Object.values(shapes).reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);

/** Kernels, and numbers read and written for each of the parameters'. */
const cost = (rule: Rule<any>) => {
  const { program, layout } = updateProgram(rule, shapes);
  const { kernels, bytesRead, bytesWritten } = explain(program, layout);
  return {
    kernels: kernels.map(({ kind }) => kind),
    reads: bytesRead / 4 / size,
    writes: bytesWritten / 4 / size,
  };
};

describe("a chain or wrapper over ten tensors is one program", () => {
  it("chain(clipByGlobalNorm, adamw) is a reduction and one kernel", () => {
    // The norm reads g; the update reads p, g, m, v and writes p, m, v.
    expect(cost(chain(clipByGlobalNorm(1), adamw()))).toEqual({
      kernels: ["reduction", "elementwise"],
      reads: 5,
      writes: 3,
    });
  });

  it.each<[string, Rule<any>, number, number]>([
    ["elementwise transforms and adam", chain(coupledDecay(), l1(), clipByValue(1), adam()), 4, 3],
    ["decoupledDecay", decoupledDecay(adam()), 4, 3],
    ["absoluteDecay", absoluteDecay(adam()), 4, 3],
    ["cautiousDecay", cautiousDecay(adamw()), 4, 3],
    ["lookahead: the slow weights too", lookahead(adam()), 5, 4],
    ["ema: the average too", ema(adam()), 5, 4],
    ["swa: the average too", swa(adam()), 5, 4],
    ["accumulate: the sum too", accumulate(adam(), 4), 5, 4],
    ["all of them", swa(lookahead(cautiousDecay(adamw()))), 6, 5],
  ])("one kernel: %s", (_, rule, reads, writes) => {
    expect(cost(rule)).toEqual({ kernels: ["elementwise"], reads, writes });
  });

  it("skipNonFinite is a reduction and one kernel", () => {
    expect(cost(skipNonFinite(adam()))).toEqual({
      kernels: ["reduction", "elementwise"],
      reads: 5,
      writes: 3,
    });
    const both = cost(skipNonFinite(chain(clipByGlobalNorm(1), adam())));
    expect(both.kernels.at(-1)).toBe("elementwise");
    expect(both.kernels.length).toBeLessThanOrEqual(3);
  });

  it("groups of one rule stay one kernel each where their tensors are neighbours", () => {
    const groups = partition({ "?0": sgd({ learningRate: 0.1 }), rest: sgd() });
    expect(cost(groups)).toEqual({ kernels: ["elementwise", "elementwise"], reads: 3, writes: 2 });
  });

  it.each<[string, Rule<any>, number]>([
    ["noDecay: matrices and vectors apart", noDecay(adamw()), 1],
    ["cautious: a mean", cautious(adamw()), 2],
    ["centralize: a mean of matrices", chain(centralize(), adam()), 2],
    ["adaptiveClip: two norms", chain(adaptiveClip(), adam()), 4],
  ])("a few kernels for each tensor: %s", (_, rule, most) => {
    expect(cost(rule).kernels.length).toBeLessThanOrEqual(most * Object.keys(shapes).length);
  });
});
