import type { Comparison, Formula } from "./formula.js";

/** How tightly a text is bound: it stands in parentheses where something tighter is wanted. */
const bounds = { sum: 1, product: 2, power: 3, atom: 4 };

/** One of two ways to write a formula. */
interface Style {
  readonly symbol: "text" | "latex";
  readonly comparisons: Readonly<Record<Comparison, string>>;
  readonly times: string;
  readonly matmul: string;
  parenthesize(x: string): string;
  fraction(over: string, under: string): { readonly text: string; readonly bound: number };
  readonly underIsApart: boolean;
  power(base: string, exponent: string): string;
  readonly exponentIsApart: boolean;
  where(condition: string, yes: string, no: string): string;
  bracket(x: string): string;
  call(name: string, over: string | undefined, args: readonly string[]): string;
  number(value: number): string;
}

const superscripts: Readonly<Record<string, string>> = { "2": "²", "3": "³", ᵀ: "ᵀ" };
const roots: Readonly<Record<string, string>> = { sqrt: "√", cbrt: "∛" };
const comparisons = { lt: "<", le: "≤", gt: ">", ge: "≥", eq: "=", ne: "≠" } as const;

const text: Style = {
  symbol: "text",
  comparisons,
  times: "·",
  matmul: " @ ",
  parenthesize: (x) => `(${x})`,
  fraction: (over, under) => ({ text: `${over} / ${under}`, bound: bounds.product }),
  underIsApart: false,
  power: (base, exponent) =>
    superscripts[exponent] ? `${base}${superscripts[exponent]}` : `${base}^${exponent}`,
  exponentIsApart: false,
  where: (condition, yes, no) => `(${yes} if ${condition} else ${no})`,
  bracket: (x) => `[${x}]`,
  call(name, over, args) {
    if (name === "norm") return `‖${args[0]}‖${over ? `_${over}` : ""}`;
    if (name === "abs") return `|${args[0]}|`;
    if (roots[name]) return `${roots[name]}${/^[\p{L}\d]+'?$/u.test(args[0]!) ? args[0] : `(${args[0]})`}`;
    return `${name}${over ? `_${over}` : ""}(${args.join(", ")})`;
  },
  number: formatNumber,
};

function formatNumber(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);
}

const functions = ["exp", "log", "sin", "cos", "tanh", "min", "max"];

const latex: Style = {
  symbol: "latex",
  comparisons: { lt: "<", le: "\\le", gt: ">", ge: "\\ge", eq: "=", ne: "\\ne" },
  times: " \\, ",
  matmul: " \\mathbin{@} ",
  parenthesize: (x) => `\\left(${x}\\right)`,
  fraction: (over, under) => ({ text: `\\frac{${over}}{${under}}`, bound: bounds.product }),
  underIsApart: true,
  power: (base, exponent) => `${base}^{${exponent}}`,
  exponentIsApart: true,
  where: (condition, yes, no) =>
    `\\begin{cases} ${yes} & \\text{if } ${condition} \\\\ ${no} & \\text{otherwise} \\end{cases}`,
  bracket: (x) => `\\left[${x}\\right]`,
  call(name, over, args) {
    const index = over ? `_{\\mathrm{${over}}}` : "";
    if (name === "norm") return `\\left\\lVert ${args[0]} \\right\\rVert${index}`;
    if (name === "abs") return `\\left\\lvert ${args[0]} \\right\\rvert`;
    if (name === "sqrt") return `\\sqrt{${args[0]}}`;
    if (name === "cbrt") return `\\sqrt[3]{${args[0]}}`;
    if (name === "N") return `\\mathcal{N}(${args.join(", ")})`;
    const operator = functions.includes(name) ? `\\${name}` : `\\operatorname{${name}}`;
    return `${operator}${index}\\left(${args.join(", ")}\\right)`;
  },
  number(value) {
    const [mantissa, exponent] = formatNumber(value).split("e");
    if (!exponent) return value === Number.POSITIVE_INFINITY ? "\\infty" : mantissa!;
    return `${mantissa === "1" ? "" : `${mantissa} \\cdot `}10^{${Number(exponent)}}`;
  },
};

export const toText = (formula: Formula): string => print(formula, text).text;
export const toLatex = (formula: Formula): string => print(formula, latex).text;

function print(formula: Formula, style: Style): { readonly text: string; readonly bound: number } {
  const at = (x: Formula, least: number): string => {
    const made = print(x, style);
    return made.bound < least ? style.parenthesize(made.text) : made.text;
  };
  const factors = (list: readonly Formula[]) =>
    list.map((factor) => at(factor, bounds.product)).join(style.times);
  switch (formula.kind) {
    case "number":
      return { text: style.number(formula.value), bound: bounds.atom };
    case "symbol":
      return { text: formula.symbol[style.symbol], bound: bounds.atom };
    case "sum": {
      const parts = formula.terms.map(({ negative, of }, i) => {
        const sign = i === 0 ? (negative ? "-" : "") : negative ? " - " : " + ";
        return sign + at(of, bounds.product);
      });
      return { text: parts.join(""), bound: bounds.sum };
    }
    case "fraction": {
      const { over, under } = formula;
      if (under.length === 0) return { text: factors(over), bound: bounds.product };
      const alone = style.underIsApart ? bounds.sum : bounds.power;
      const top =
        over.length === 0
          ? "1"
          : over.length === 1 && style.underIsApart
            ? at(over[0]!, bounds.sum)
            : factors(over);
      const bottom = under.length === 1 ? at(under[0]!, alone) : factors(under);
      return style.fraction(
        top,
        under.length > 1 && !style.underIsApart ? style.parenthesize(bottom) : bottom,
      );
    }
    case "power": {
      const exponent = at(formula.exponent, style.exponentIsApart ? bounds.sum : bounds.atom);
      return { text: style.power(at(formula.base, bounds.atom), exponent), bound: bounds.power };
    }
    case "compare": {
      const sides = [formula.a, formula.b].map((side) => at(side, bounds.sum));
      return { text: style.bracket(sides.join(` ${style.comparisons[formula.by]} `)), bound: bounds.atom };
    }
    case "where": {
      const { condition, yes, no } = formula;
      const asked = print(condition, style).text;
      const bare = condition.kind === "compare" ? asked.replace(/^(\\left)?\[|(\\right)?\]$/g, "") : asked;
      return { text: style.where(bare, at(yes, bounds.sum), at(no, bounds.sum)), bound: bounds.atom };
    }
    case "matmul":
      return {
        text: at(formula.a, bounds.power) + style.matmul + at(formula.b, bounds.power),
        bound: bounds.product,
      };
    case "call":
      return {
        text: style.call(
          formula.name,
          formula.over,
          formula.args.map((argument) => at(argument, bounds.sum)),
        ),
        bound: bounds.atom,
      };
  }
}
