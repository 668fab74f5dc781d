import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

/** Names, numbers and operators, whole. */
const TOKENS = /[A-Za-z_]\w*|0x[\da-f]+u?|[\d.]+(?:e-?\d+)?u?|->|[<>=!]=|<<|>>|&&|\|\||\+\+|\S/g;
/** Ends and beginnings of neighbours that would be read as one. */
const TOGETHER = /\w[\w.]|--|[<>=!]=|<<|>>|&&|\|\||\+\+|->/;

/**
 * A function of the shader library, as pages load it: its own names short, each number by the fewest digits that give
 * the same float32, no space that is not needed.
 */
export function minifyShader(code: string): string {
  const own = new Map<string, string>();
  for (const [, name] of code.matchAll(/[\w\]] (\w+)(?= =|[,)])/g)) {
    if (!own.has(name!)) own.set(name!, String.fromCharCode(97 + own.size));
  }
  if (own.size > 26) throw new Error(`A function of the shader library has more than 26 names: ${code}`);
  return [...code.matchAll(TOKENS)]
    .map(([token]) => own.get(token) ?? (/^[\d.]+(e|$|\.)/.test(token) ? shortest(token) : token))
    .reduce((text, token) => text + (TOGETHER.test(text.slice(-1) + token[0]) ? " " : "") + token);
}

function shortest(token: string): string {
  if (!/[.e]/.test(token)) return token;
  const exact = Number(token);
  for (let digits = 1; ; digits++) {
    const near = Number(exact.toPrecision(digits));
    if (Math.fround(near) !== Math.fround(exact)) continue;
    const fixed = String(near).replace(/^0\./, ".");
    const forms = [/[.e]/.test(fixed) ? fixed : `${fixed}.`, near.toExponential()].map((it) =>
      it.replace("e+", "e"),
    );
    return forms.sort((a, b) => a.length - b.length)[0]!;
  }
}

const minifyLibrary = (source: string) =>
  source.replaceAll(/`(\w+ d_[^`]*)`/g, (_, code: string) => `\`${minifyShader(code)}\``);
const library = /shader[\\/]library\.ts(\?|$)/;

/** For the build. */
export const minifyShaders: Plugin = {
  name: "minify-shaders",
  setup({ onLoad }) {
    onLoad({ filter: library }, async ({ path }) => ({
      contents: minifyLibrary(await readFile(path, "utf8")),
      loader: "ts",
    }));
  },
};

/** For tests in the browser, which try what is built. */
export const withMinifiedShaders = {
  name: "minify-shaders",
  enforce: "pre" as const,
  transform: (source: string, id: string) => (library.test(id) ? minifyLibrary(source) : undefined),
};
