import cliTruncate from "cli-truncate";
import stringWidth from "string-width";

// Controls (escape sequences begin with one), directional and other invisible formatting, line separators and lone
// surrogates. The joiners are spared: emoji and several scripts are written with them.
const unsafe = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Text from data made safe to print on one line: whatever could move the cursor, colour the screen or hide is
 * shown as an escape such as `\x1b`, and so is everything beyond ASCII where `ascii` says the output cannot show it.
 */
export function sanitize(text: string, { ascii = false }: { readonly ascii?: boolean } = {}): string {
  const safe = text.replace(unsafe, escape);
  return ascii ? safe.replace(/[^\x20-\x7e]/gu, escape) : safe;
}

function escape(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x100) return short[character] ?? `\\x${code.toString(16).padStart(2, "0")}`;
  return `\\u{${code.toString(16)}}`;
}

const colors = /\p{Cc}\[[\d;]*m/gu;

/** Columns that text takes on the screen: wide characters are two, escape sequences none. */
export function displayWidth(text: string): number {
  // What a progress line is made of; the properties of other characters take long to look up.
  const plain = text.replace(colors, "");
  return /^[ -~·─-╿⠀-⣿]*$/.test(plain) ? plain.length : stringWidth(text);
}

/** Text cut to so many columns, with an ellipsis where something was cut; colours stay whole. */
export function truncate(text: string, columns: number, { ascii = false } = {}): string {
  if (displayWidth(text) <= columns) return text;
  const truncationCharacter = ascii ? "...".slice(0, Math.max(1, Math.min(3, columns - 1))) : "…";
  // A wide character that would be cut in half is kept whole by the library: then there is one column less.
  for (let room = columns; ; room--) {
    const cut = cliTruncate(text, room, { truncationCharacter });
    if (displayWidth(cut) <= columns) return cut;
  }
}

/** Text with spaces after it, up to so many columns. */
export function padEnd(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - displayWidth(text)));
}

/** Text with spaces before it, up to so many columns. */
export function padStart(text: string, columns: number): string {
  return " ".repeat(Math.max(0, columns - displayWidth(text))) + text;
}

/** Parts side by side, three spaces between, on as many lines as the width asks for. */
export function flow(parts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last === undefined || displayWidth(last) + 3 + displayWidth(part) > width) lines.push(part);
    else lines[lines.length - 1] = `${last}   ${part}`;
  }
  return lines;
}
