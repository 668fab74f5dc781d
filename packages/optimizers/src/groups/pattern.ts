import { didYouMean, type ParameterInfo } from "@downhill/core";

/**
 * Which parameters: an exact name, a glob (`*` for any characters, `?` for one: `"embed.*"`), or a predicate on name
 * and shape: `({ shape }) => shape.length === 2`.
 */
export type Pattern = string | ((parameter: ParameterInfo) => boolean);

export function matches(pattern: Pattern, parameter: ParameterInfo): boolean {
  if (typeof pattern === "function") return pattern(parameter);
  return pattern === parameter.name || globToRegExp(pattern).test(parameter.name);
}

function globToRegExp(glob: string): RegExp {
  const source = glob
    .replace(/[\\^$.+()[\]{}|]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s");
}

/** The pattern as messages and names show it. */
export function formatPattern(pattern: Pattern): string {
  return typeof pattern === "string" ? pattern : "predicate";
}

/** Throws when a pattern matches none of the parameters; the message lists them. */
export function checkMatches(owner: string, pattern: Pattern, parameters: readonly ParameterInfo[]): void {
  if (parameters.some((parameter) => matches(pattern, parameter))) return;
  const names = parameters.map(({ name }) => name);
  const near = typeof pattern === "string" ? didYouMean(pattern, names) : "";
  const quoted = typeof pattern === "string" ? `"${pattern}"` : "the predicate";
  throw new Error(`${owner}: ${quoted} matches no parameter.${near} The parameters are ${names.join(", ")}.`);
}
