import { onExit } from "signal-exit";
import { displayWidth } from "./text.js";

/** The last lines of a terminal, redrawn in place. What is written above them stays. */
export interface LiveRegion {
  /** Shows these lines in place of those before. None may be wider than the terminal. */
  draw(lines: readonly string[]): void;
  /** Writes lines that stay, above. */
  above(text: string): void;
  /** Takes the region away, or leaves it as it stands, and shows the cursor again; as an abnormal exit does. */
  close(options: { readonly keep: boolean }): void;
}

const hideCursor = "\x1b[?25l";
const showCursor = "\x1b[?25h";
const eraseToEndOfLine = "\x1b[K";
const eraseBelow = "\x1b[J";

/** Hides the cursor and begins below whatever was written last. `columns` is the terminal's present width. */
export function createLiveRegion(write: (text: string) => void, columns: () => number): LiveRegion {
  let shown: readonly string[] = [];
  write(hideCursor);
  const forget = onExit(() => write(showCursor));

  // The cursor waits at the start of the line below. A terminal made narrower since has broken lines into several.
  const toTop = () => {
    const rows = shown.reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns())), 0);
    return rows > 0 ? `\r\x1b[${rows}A` : "\r";
  };
  // Overwritten rather than erased first, so that nothing flickers.
  const block = (lines: readonly string[]) => lines.map((line) => `${line}${eraseToEndOfLine}\n`).join("");

  return {
    draw(lines) {
      const top = toTop();
      shown = lines;
      write(top + block(lines) + eraseBelow);
    },
    above(text) {
      write(`${toTop()}${eraseBelow}${text}\n${block(shown)}`);
    },
    close({ keep }) {
      write((keep ? "" : toTop() + eraseBelow) + showCursor);
      shown = [];
      forget();
    },
  };
}
