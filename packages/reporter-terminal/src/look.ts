import { WriteStream } from "node:tty";
import { Ansis } from "ansis";
import isUnicodeSupported from "is-unicode-supported";

/** Colours a terminal can show: 0 none, 1 sixteen, 2 two hundred and fifty-six, 3 all of RGB. */
export type ColorLevel = 0 | 1 | 2 | 3;

/** How pictures and tables are to look. A {@link TerminalLook} fits wherever one is taken. */
export interface Look {
  /** Width in columns that no line passes. Default 80. */
  readonly width?: number;
  /** Colours to use; `true` is level 2. Default `false`. */
  readonly color?: boolean | ColorLevel;
  /** Braille and line-drawing characters; `false` uses ASCII alone. Default `true`. */
  readonly braille?: boolean;
}

/** Somewhere to write, as Node's streams are: `process.stderr` is one. */
export interface TextStream {
  write(text: string, written?: () => void): unknown;
  on(event: "error" | "resize", listener: () => void): unknown;
  off(event: "error" | "resize", listener: () => void): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  readonly writableNeedDrain?: boolean | undefined;
}

/** What a stream can show. */
export interface TerminalLook {
  readonly width: number;
  readonly color: ColorLevel;
  readonly braille: boolean;
  /** Lines can be redrawn in place: a terminal with a cursor, not a log. */
  readonly interactive: boolean;
}

/**
 * What a stream can show, by the conventions of terminals: colours as Node finds them (`NO_COLOR`, `FORCE_COLOR`,
 * `COLORTERM`, `TERM`), nothing redrawn for a pipe, a file, `TERM=dumb` or under `CI`, and ASCII where the locale
 * (`LC_ALL`, `LC_CTYPE`, `LANG`) names another encoding than UTF-8. No locale at all counts as UTF-8.
 */
export function terminalLook(stream: TextStream): TerminalLook {
  const { env } = process;
  const tty = stream.isTTY === true;
  return {
    width: stream.columns || Number(env.COLUMNS) || 80,
    color: tty || env.FORCE_COLOR !== undefined ? colorLevel() : 0,
    braille: isUnicodeSupported() && localeIsUtf8(env),
    interactive: tty && env.TERM !== "dumb" && (env.CI === undefined || env.CI === "false"),
  };
}

/** A painter for colours of this level. */
export function paintFor(color: boolean | ColorLevel): Ansis {
  return new Ansis(toLevel(color));
}

export function toLevel(color: boolean | ColorLevel): ColorLevel {
  if (color === true) return 2;
  return color === false ? 0 : color;
}

function colorLevel(): ColorLevel {
  // Depends on the environment alone, so it serves streams that are not Node's own, too.
  const bits = WriteStream.prototype.getColorDepth();
  if (bits >= 24) return 3;
  if (bits >= 8) return 2;
  return bits >= 4 ? 1 : 0;
}

function localeIsUtf8(env: NodeJS.ProcessEnv): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG;
  return locale === undefined || locale === "" || /utf-?8/i.test(locale);
}
