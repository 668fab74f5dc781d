import { visible } from "./visible.js";

/** Markup that is safe to put into a page: made by `markup` alone. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | readonly Part[] | false | undefined;

/**
 * SVG or HTML, with what stands in `${}` escaped unless it is markup itself. Lists are joined; `false` and `undefined`
 * leave nothing.
 */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.reduce((before, string, i) => before + render(parts[i - 1]) + string) };
}

/** Markup from a trusted place, such as this package's own style sheet. */
export function trusted(text: string): Markup {
  return { markup: text };
}

function render(part: Part): string {
  if (part === undefined || part === false) return "";
  if (typeof part === "number") return String(part);
  if (typeof part === "string") return escape(part);
  if ("markup" in part) return part.markup;
  return part.map(render).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => entities[character]!);
}
