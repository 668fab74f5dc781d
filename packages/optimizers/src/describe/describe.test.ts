import { bind, chain, type Rule, tensor } from "@downhill/core";
import { expect, it, describe as suite } from "vitest";
import { catalogue } from "../catalogue.js";
import { noDecay, partition } from "../groups/index.js";
import { lbfgs } from "../methods/index.js";
import { adam } from "../rules/adam.js";
import { adamw } from "../rules/adamw.js";
import { gradientDescent } from "../rules/gradient-descent.js";
import { lion } from "../rules/lion.js";
import { muon } from "../rules/muon.js";
import { prodigy } from "../rules/prodigy.js";
import { clipByGlobalNorm, coupledDecay } from "../transforms/index.js";
import { cautious, ema, lookahead, skipNonFinite } from "../wrappers/index.js";
import type { Comparison, Formula } from "./formula.js";
import { describe } from "./index.js";
import { linesOf, symbolsOf, traceRule } from "./lines.js";

suite("describe", () => {
  it("writes an update as the paper does", () => {
    expect(describe(adamw()).text.split("\n")).toEqual([
      "m' = β1·m + (1 - β1)·g",
      "v' = β2·v + (1 - β2)·g²",
      "p' = p - η·λ·p - η·m' / ((1 - β1^t)·(√(v' / (1 - β2^t)) + ε))",
    ]);
    expect(describe(lion()).text.split("\n")).toEqual([
      "m' = β2·m + (1 - β2)·g",
      "p' = p - η·λ·p - η·sign(β1·m + (1 - β1)·g)",
    ]);
    expect(describe(chain(clipByGlobalNorm(1), coupledDecay(), gradientDescent())).text).toBe(
      "p' = p - η·(g·min(maxNorm / (‖g‖_all + 1e-6), 1) + l2·p)",
    );
  });

  it("writes LaTeX with what is new at t", () => {
    expect(describe(adam({ amsgrad: true })).latex).toBe(
      [
        "\\begin{aligned}",
        "m_{t} &= \\beta_1 \\, m_{t-1} + \\left(1 - \\beta_1\\right) \\, \\left(g_t + \\lambda \\, p_{t-1}\\right) \\\\",
        "v_{t} &= \\beta_2 \\, v_{t-1} + \\left(1 - \\beta_2\\right) \\, \\left(g_t + \\lambda \\, p_{t-1}\\right)^{2} \\\\",
        "\\mathrm{vMax}_{t} &= \\operatorname{max}\\left(\\mathrm{vMax}_{t-1}, v_{t}\\right) \\\\",
        "p_{t} &= p_{t-1} - \\frac{\\eta \\, m_{t}}{\\left(1 - \\beta_1^{t}\\right) \\, " +
          "\\left(\\sqrt{\\frac{\\mathrm{vMax}_{t}}{1 - \\beta_2^{t}}} + \\epsilon\\right)}",
        "\\end{aligned}",
      ]
        .join("\n")
        .replace("\\operatorname{max}", "\\max"),
    );
  });

  it("closes what it opens in LaTeX, for every rule", () => {
    for (const make of Object.values(catalogue.rules)) {
      const { latex } = describe(make({}));
      const count = (what: RegExp) => latex.match(what)?.length ?? 0;
      expect(count(/\{/g), latex).toBe(count(/\}/g));
      expect(count(/\\left\b/g), latex).toBe(count(/\\right\b/g));
      expect(count(/\\begin/g), latex).toBe(count(/\\end/g));
      expect(latex).not.toContain("undefined");
    }
  });

  it("names what is used twice", () => {
    expect(describe(cautious(lion())).text.split("\n")).toEqual([
      "m' = β2·m + (1 - β2)·g",
      "u = η·sign(β1·m + (1 - β1)·g)",
      "w = [u·g > 0]",
      "p' = p - η·λ·p - u·w / max(mean(w), 1e-3)".replace("1e-3", "0.001"),
    ]);
  });

  it("tells state, memory and costs", () => {
    const { state, memory, kernels, reads, writes, class: kind } = describe(ema(adamw()));
    expect(state).toEqual([
      { name: "m", per: "element", shape: [64, 48] },
      { name: "v", per: "element", shape: [64, 48] },
      { name: "ema.average", per: "element", shape: [64, 48] },
    ]);
    expect({ memory, kernels, reads, writes, kind }).toEqual({
      memory: 3,
      kernels: 1,
      reads: 5,
      writes: 4,
      kind: "elementwise",
    });
    expect(describe(chain(clipByGlobalNorm(1), adamw()))).toMatchObject({
      kernels: 2,
      reads: 5,
      writes: 3,
      class: "reductions",
    });
    expect(describe(catalogue.rules.adafactor!({})).memory).toBe(
      Math.round((100 * (64 + 48)) / (64 * 48)) / 100,
    );
    expect(describe(muon()).class).toBe("matrix products");
    expect(describe(muon(), { shape: [48] }).class).toBe("elementwise");
    expect(describe(gradientDescent())).toMatchObject({
      memory: 0,
      reads: 2,
      writes: 1,
      paper: "Cauchy 1847",
    });
  });

  it("describes chains, wrappers and groups as the one update that they are", () => {
    const lines = (rule: Rule<any>, name = "w") => describe(rule, { name }).text.split("\n");
    expect(lines(chain(clipByGlobalNorm(1), adamw()))).toEqual([
      "u = g·min(maxNorm / (‖g‖_all + 1e-6), 1)",
      "m' = β1·m + (1 - β1)·u",
      "v' = β2·v + (1 - β2)·u²",
      "p' = p - η·λ·p - η·m' / ((1 - β1^t)·(√(v' / (1 - β2^t)) + ε))",
    ]);
    expect(lines(lookahead(gradientDescent()))).toEqual([
      "u = [t = 6·floor(t / 6)]",
      "slow' = ((1 - α)·slow + α·(p - η·g) if u else slow)",
      "p' = (slow' if u else p - η·g)",
    ]);
    const groups = chain(clipByGlobalNorm(1), partition({ b: lion(), rest: lookahead(gradientDescent()) }));
    expect(lines(groups, "b")).toEqual([
      "u = g·min(maxNorm / (‖g‖_all + 1e-6), 1)",
      "m' = β2·m + (1 - β2)·u",
      "p' = p - η·λ·p - η·sign(β1·m + (1 - β1)·u)",
    ]);
    expect(lines(groups).at(-1)).toBe("p' = (slow' if u else w)");
  });

  it("says that a method has no update to describe", () => {
    expect(() => describe(lbfgs() as never)).toThrow("describe: lbfgs is a method");
  });

  it("describes one parameter of a group", () => {
    const groups = partition({ "embed.*": lion(), rest: gradientDescent() });
    expect(describe(groups).text).toBe("p' = p - η·g");
    expect(describe(groups, { name: "embed.w" }).text).toContain("sign(");
  });
});

type Values = ReadonlyMap<string, number>;

const comparisons: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
};

/** Functions of scalars; over a single element every sum and mean is that element. */
const functions: Readonly<Record<string, (...args: number[]) => number>> = {
  ...Object.fromEntries(Object.getOwnPropertyNames(Math).map((name) => [name, (Math as any)[name]])),
  sum: (x) => x!,
  mean: (x) => x!,
  norm: Math.abs,
  dot: (a, b) => a! * b!,
  clip: (x, low, high) => Math.min(Math.max(x!, low!), high!),
  finite: (x) => Number(Number.isFinite(x)),
};

/** The number that a formula says, for a parameter of one element. */
function evaluate(x: Formula, values: Values): number {
  const at = (part: Formula) => evaluate(part, values);
  switch (x.kind) {
    case "number":
      return x.value;
    case "symbol":
      return values.get(x.symbol.text) ?? Number.NaN;
    case "sum":
      return x.terms.reduce((sum, { negative, of }) => sum + (negative ? -at(of) : at(of)), 0);
    case "fraction":
      return (
        x.over.reduce((all, part) => all * at(part), 1) / x.under.reduce((all, part) => all * at(part), 1)
      );
    case "power":
      return at(x.base) ** at(x.exponent);
    case "compare":
      return Number(comparisons[x.by](at(x.a), at(x.b)));
    case "where":
      return at(x.condition) !== 0 ? at(x.yes) : at(x.no);
    case "matmul":
      return at(x.a) * at(x.b);
    case "call":
      return functions[x.name]!(...x.args.map(at));
  }
}

suite("what is described is what runs", () => {
  const rules: readonly (readonly [string, Rule<any>])[] = [
    ...Object.entries(catalogue.rules).map(([name, make]) => [name, make({})] as const),
    ["chain", chain(clipByGlobalNorm(0.5), coupledDecay(0.3), adam())],
    ["wrappers", skipNonFinite(lookahead(noDecay(adamw()), { every: 2 }))],
    ["prodigy without decay", prodigy({ weightDecay: 0.3 })],
  ];

  it.each(rules)("%s", (_, rule) => {
    const traced = traceRule(rule, "w", []);
    const lines = linesOf(traced);
    const symbols = symbolsOf(traced);
    const stepper = bind(rule, { w: tensor(Float64Array.of(0.7), []) });
    for (const [t, g] of [0.3, -0.8, 0.05, 1.2, -0.4].entries()) {
      const saved = stepper.save();
      const values = new Map<string, number>([
        ["p", stepper.parameters.w.data[0]!],
        ["g", g],
        ["f", 0.9],
        ["t", t + 1],
      ]);
      const hyper = stepper.hyper as Readonly<Record<string, number>>;
      for (const [name, { text }] of symbols.hyper) values.set(text, hyper[name]!);
      for (const [name, { text }] of symbols.state) {
        const data = saved.state[`state.${name}`]?.w ?? saved.state.run?.[name];
        values.set(text, data ? data.data[0]! : (saved.host[name] ?? saved.host[`${name}.w`])!);
      }
      for (const { symbol, formula } of lines) values.set(symbol.text, evaluate(formula, values));
      stepper.gradients.w.data[0] = g;
      stepper.step({ value: 0.9 });
      const [reached] = stepper.parameters.w.data;
      expect(Math.abs(values.get("p'")! - reached!)).toBeLessThanOrEqual(
        1e-12 * Math.max(1, Math.abs(reached!)),
      );
    }
  });
});
