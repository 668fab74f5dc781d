import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { reasonOf } from "./reason.js";

/** A text file of lines that grows, and is cut back to where a checkpoint was taken when its run goes on from there. */
export interface RecordFile {
  /** Whether lines of a run that goes on are there already. */
  readonly continues: boolean;
  /** Adds a line; it is in the file at the next `flush`. */
  add(line: string): void;
  /**
   * Adds a line of an event of this time; it is in the file at the next `flush`, or with a line of `waitMs` after the last
   * that was flushed, 1000 by default. Events say themselves how late it is: the clock takes long, next to small steps.
   */
  addAt(timeMs: number, line: string, waitMs?: number): void;
  flush(): void;
  /** Makes all lines outlive the process and the power; returns where the next one goes. */
  mark(): number;
  /** Drops all lines after such a place. A file that is gone begins anew. Throws where the place cannot be right. */
  resume(mark: unknown): void;
  close(): void;
}

const newline = 0x0a;
/** Bytes that wait to be written, and text that waits to be encoded, at most, but for the last line. */
const maxWaiting = 1 << 16;
const maxText = 1 << 12;
const maxWaitingMs = 1000;

/** A file at a path, begun anew with the first line unless `resume` is called before. */
export function createRecordFile(path: string): RecordFile {
  let descriptor: number | undefined;
  let position = 0;
  const encoder = new TextEncoder();
  const bytes = new Uint8Array(2 * maxWaiting);
  let filled = 0;
  /** What comes after those bytes: little, for text put together of many pieces keeps the garbage collector busy. */
  let text = "";
  let latestMs = 0;
  let flushedAtMs = Number.NEGATIVE_INFINITY;

  function attempt<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw code === undefined ? error : new Error(`${path} could not be written: ${reasonOf(error)}.`);
    }
  }
  function begin(): number {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, "w");
  }
  function encode(): void {
    while (text !== "") {
      const { read, written } = encoder.encodeInto(text, bytes.subarray(filled));
      filled += written;
      text = text.slice(read);
      if (text !== "") write();
    }
  }
  function write(): void {
    descriptor ??= begin();
    for (let written = 0; written < filled; ) {
      written += writeSync(descriptor, bytes, written, filled - written, position + written);
    }
    position += filled;
    filled = 0;
  }
  const file = {
    continues: false,
    add(line: string) {
      text += `${line}\n`;
      if (text.length >= maxText) attempt(encode);
    },
    addAt(timeMs: number, line: string, waitMs = maxWaitingMs) {
      latestMs = timeMs;
      file.add(line);
      if (filled >= maxWaiting || timeMs - flushedAtMs >= waitMs) file.flush();
    },
    flush() {
      attempt(() => {
        encode();
        write();
        flushedAtMs = latestMs;
      });
    },
    mark() {
      file.flush();
      attempt(() => fsyncSync(descriptor!));
      return position;
    },
    resume(mark: unknown) {
      if (typeof mark !== "number") throw new Error(`the checkpoint has no place in ${path}.`);
      attempt(() => {
        if (!existsSync(path)) return;
        const opened = openSync(path, "r+");
        try {
          cutBack(opened, mark);
        } catch (error) {
          closeSync(opened);
          throw error;
        }
        descriptor = opened;
        position = mark;
        file.continues = true;
      });
    },
    close() {
      if (filled > 0 || text !== "") file.flush();
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
      position = 0;
      flushedAtMs = Number.NEGATIVE_INFINITY;
      file.continues = false;
    },
  };
  /** Drops what comes after a place where a line ends. */
  function cutBack(descriptor: number, end: number): void {
    const { size } = fstatSync(descriptor);
    const last = new Uint8Array(1);
    if (end > 0) readSync(descriptor, last, 0, 1, end - 1);
    if (size < end || (end > 0 && last[0] !== newline)) {
      throw new Error(
        `${path} is not the file that the checkpoint knows, of which it keeps ${end} bytes; it was left as it is.`,
      );
    }
    ftruncateSync(descriptor, end);
  }
  return file;
}
