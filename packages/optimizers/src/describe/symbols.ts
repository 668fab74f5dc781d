import type { Notation } from "./formula.js";

/** The letters that papers have for hyper-parameters. */
const letters: Readonly<Record<string, Notation>> = {
  learningRate: { text: "η", latex: "\\eta" },
  beta: { text: "β", latex: "\\beta" },
  beta1: { text: "β1", latex: "\\beta_1" },
  beta2: { text: "β2", latex: "\\beta_2" },
  beta3: { text: "β3", latex: "\\beta_3" },
  epsilon: { text: "ε", latex: "\\epsilon" },
  epsilon1: { text: "ε1", latex: "\\epsilon_1" },
  epsilon2: { text: "ε2", latex: "\\epsilon_2" },
  weightDecay: { text: "λ", latex: "\\lambda" },
  momentum: { text: "μ", latex: "\\mu" },
  dampening: { text: "τ", latex: "\\tau" },
  alpha: { text: "α", latex: "\\alpha" },
  gamma: { text: "γ", latex: "\\gamma" },
  rho: { text: "ρ", latex: "\\rho" },
};

/** A word as a symbol: a letter stays one, `m1` gets an index, words stand upright. */
function word(name: string): Notation {
  const [, letter, index] = /^([A-Za-z])(\d*)$/.exec(name) ?? [];
  if (letter) return { text: name, latex: index ? `${letter}_${index}` : letter };
  return { text: name, latex: `\\mathrm{${name.replace(/[_#%&$]/g, "\\$&")}}` };
}

/** Gives each name a symbol of its own: hyper-parameters their letter where nothing else has it. */
export function chooseSymbols(
  hyper: readonly string[],
  states: readonly string[],
): {
  readonly hyper: ReadonlyMap<string, Notation>;
  readonly state: ReadonlyMap<string, Notation>;
  /** Letters for what gets a name on the way. */
  readonly free: () => Notation;
} {
  const taken = new Set(["p", "g", "t", "f"]);
  const claim = (symbol: Notation, otherwise: Notation): Notation => {
    const chosen = taken.has(symbol.text) ? otherwise : symbol;
    taken.add(chosen.text);
    return chosen;
  };
  const shorten = (name: string) => name.slice(name.lastIndexOf(".") + 1);
  const state = new Map(states.map((name) => [name, claim(word(shorten(name)), word(name))]));
  const symbols = new Map(
    hyper.map((name) => [name, claim(letters[shorten(name)] ?? word(shorten(name)), word(name))]),
  );
  const free = [..."uwzrsabcdhkqxy"].filter((letter) => !taken.has(letter));
  let more = 0;
  return { hyper: symbols, state, free: () => word(free.shift() ?? `u${++more}`) };
}

/** A quantity after this update (`next`) or before it: m′ and m in text, m_t and m_{t-1} in LaTeX. */
export function atTime({ text, latex }: Notation, next: boolean): Notation {
  const time = next ? "t" : "t-1";
  const [, base = latex, index] = /^(.*)_(\w)$/.exec(latex) ?? [];
  return { text: next ? `${text}'` : text, latex: `${base}_{${index ? `${index},` : ""}${time}}` };
}
