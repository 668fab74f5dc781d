// Controls but for tab and line feed, directional and other invisible formatting (the joiners are spared: emoji and
// several scripts are written with them), and lone surrogates, which no XML may hold.
const unsafe = /(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}]/gu;

/** Text from data with what cannot be seen shown as an escape, such as `\x1b`. */
export function visible(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.codePointAt(0)!.toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u{${code}}`;
  });
}
