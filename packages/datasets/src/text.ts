/** Text from data as messages show it: control characters escaped, at most 40 characters. */
export function printable(text: string): string {
  const short = text.length > 40 ? `${text.slice(0, 39)}…` : text;
  return short.replace(/\p{Cc}/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

export function quoted(text: string): string {
  return `"${printable(text)}"`;
}

/** `a, b, c`; after 40 names only how many more there are. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 40).map(printable);
  if (names.length > shown.length) shown.push(`… and ${names.length - shown.length} more`);
  return shown.length === 0 ? "none" : shown.join(", ");
}

/** `1 row`, `2 rows`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
