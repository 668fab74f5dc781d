import { Writable } from "node:stream";
import xterm from "@xterm/headless";

/** A stream that keeps what is written: a pipe, or a terminal of so many columns and rows. */
export class FakeStream extends Writable {
  text = "";
  writes: string[] = [];
  isTTY?: boolean;
  columns?: number;
  rows?: number;

  constructor(size?: { columns: number; rows: number }) {
    super({ decodeStrings: false });
    if (size !== undefined) Object.assign(this, { isTTY: true, ...size });
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.text += chunk;
    this.writes.push(chunk);
    done();
  }
}

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What is seen on a terminal, without empty lines at its end, and what has scrolled off its top. */
export interface Seen {
  readonly lines: string[];
  readonly scrolledAway: string[];
}

/** A terminal without a window: a program's output in, what is seen out. */
export function createScreen({ columns, rows }: Size) {
  const screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  return {
    write: (text: string) => new Promise<void>((resolve) => screen.write(text, resolve)),
    resize: ({ columns, rows }: Size) => screen.resize(columns, rows),
    read(): Seen {
      const { active } = screen.buffer;
      const all = Array.from({ length: active.length }, (_, i) => active.getLine(i)!.translateToString(true));
      while (all.length > active.baseY && all.at(-1) === "") all.pop();
      return { lines: all.slice(active.baseY), scrolledAway: all.slice(0, active.baseY) };
    },
    dispose: () => screen.dispose(),
  };
}

/** What a terminal of that size shows of the text. */
export async function screenOf(text: string, size: Size): Promise<Seen> {
  const screen = createScreen(size);
  await screen.write(text);
  const seen = screen.read();
  screen.dispose();
  return seen;
}
