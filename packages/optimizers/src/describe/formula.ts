/** A formula as a reader sees it: n-ary sums and fractions instead of binary operators. */
export type Formula =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "symbol"; readonly symbol: Notation }
  | { readonly kind: "sum"; readonly terms: readonly Term[] }
  | { readonly kind: "fraction"; readonly over: readonly Formula[]; readonly under: readonly Formula[] }
  | { readonly kind: "power"; readonly base: Formula; readonly exponent: Formula }
  | { readonly kind: "compare"; readonly by: Comparison; readonly a: Formula; readonly b: Formula }
  | { readonly kind: "where"; readonly condition: Formula; readonly yes: Formula; readonly no: Formula }
  | { readonly kind: "matmul"; readonly a: Formula; readonly b: Formula }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly over?: string;
      readonly args: readonly Formula[];
    };

/** How a symbol is written. */
export interface Notation {
  readonly text: string;
  readonly latex: string;
}

export interface Term {
  readonly negative: boolean;
  readonly of: Formula;
}

export type Comparison = "lt" | "le" | "gt" | "ge" | "eq" | "ne";

export const number = (value: number): Formula => ({ kind: "number", value });
const valueOf = (x: Formula) => (x.kind === "number" ? x.value : Number.NaN);
const isNumber = (x: Formula, value: number) => valueOf(x) === value;

const termsOf = (x: Formula, negative: boolean): readonly Term[] => {
  if (x.kind === "sum") return x.terms.map((term) => ({ ...term, negative: term.negative !== negative }));
  if (x.kind === "number" && x.value < 0) return [{ negative: !negative, of: number(-x.value) }];
  return isNumber(x, 0) ? [] : [{ negative, of: x }];
};

/** a + b, or a - b; numbers become one, where the first stood. */
export function sum(a: Formula, b: Formula, minus = false): Formula {
  const all = [...termsOf(a, false), ...termsOf(b, minus)];
  const numbers = all.filter(({ of }) => of.kind === "number");
  const total = numbers.reduce((value, { negative, of }) => value + (negative ? -1 : 1) * valueOf(of), 0);
  const terms = all.flatMap((term) => {
    if (term.of.kind !== "number") return [term];
    return term === numbers[0] ? termsOf(number(total), false) : [];
  });
  if (terms.length === 0) return number(0);
  return terms.length === 1 && !terms[0]!.negative ? terms[0]!.of : { kind: "sum", terms };
}

/** The sign of a formula, and what it is the sign of. */
function unsigned(x: Formula): Term {
  if (x.kind === "sum" && x.terms.length === 1) return x.terms[0]!;
  return x.kind === "number" && x.value < 0
    ? { negative: true, of: number(-x.value) }
    : { negative: false, of: x };
}

const overOf = (x: Formula) => (x.kind === "fraction" ? x.over : [x]);
const underOf = (x: Formula) => (x.kind === "fraction" ? x.under : []);

/** a·b, or a/b; numbers come first, as one. */
export function product(a: Formula, b: Formula, divide = false): Formula {
  const [x, y] = [unsigned(a), unsigned(b)];
  const [top, bottom] = divide ? [underOf(y.of), overOf(y.of)] : [overOf(y.of), underOf(y.of)];
  const over = ordered([...overOf(x.of), ...top]);
  const under = ordered([...underOf(x.of), ...bottom]);
  if (over.some((factor) => isNumber(factor, 0))) return number(0);
  const result: Formula =
    under.length === 0 && over.length < 2 ? (over[0] ?? number(1)) : { kind: "fraction", over, under };
  return x.negative === y.negative ? result : sum(number(0), result, true);
}

function ordered(factors: readonly Formula[]): readonly Formula[] {
  const value = factors.reduce((all, factor) => (factor.kind === "number" ? all * factor.value : all), 1);
  return [number(value), ...factors.filter((factor) => factor.kind !== "number")].filter(
    (factor) => !isNumber(factor, 1),
  );
}

/** Symbols and numbers in a formula: how long it is. */
export function lengthOf(x: Formula): number {
  switch (x.kind) {
    case "number":
    case "symbol":
      return 1;
    case "sum":
      return x.terms.reduce((length, term) => length + lengthOf(term.of), 0);
    case "fraction":
      return [...x.over, ...x.under].reduce((length, factor) => length + lengthOf(factor), 0);
    case "power":
      return lengthOf(x.base) + (isNumber(x.exponent, 2) ? 0 : lengthOf(x.exponent));
    case "compare":
    case "matmul":
      return lengthOf(x.a) + lengthOf(x.b);
    case "where":
      return lengthOf(x.condition) + lengthOf(x.yes) + lengthOf(x.no);
    case "call":
      return x.args.reduce((length, argument) => length + lengthOf(argument), 0);
  }
}
