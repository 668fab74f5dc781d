// Controls (escape sequences begin with one), directional and other invisible formatting, line separators and lone
// surrogates. The joiners are spared: emoji and several scripts are written with them.
const invisible = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;
const markup = /[&<>"'\\`*_[\]{}#|~!]/g;

/** Text from data for tags, names and values: what could act on whoever shows it appears as `\x1b`, `\x3c` and the like. */
export function safeText(text: string): string {
  // Nearly all tags; classes of Unicode take long, and each scalar has a tag.
  if (/^[ -;=?-~]*$/.test(text)) return text;
  return text.replace(invisible, escape).replace(/[<>]/g, escape);
}

/** Text from data inside Markdown, shown as it is; what could act or hide appears as `\x1b` and the like. */
export function markdownText(text: string): string {
  return text.replace(invisible, escape).replace(markup, (character) => `&#${character.charCodeAt(0)};`);
}

/** A table in Markdown. Cells are Markdown already. */
export function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function escape(character: string): string {
  const code = character.codePointAt(0)!;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}
