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
  /** Adds a line; it is in the file at the next `flush`, or with a line that comes `waitMs` after the last, 1000 by default. */
  add(line: string, waitMs?: number): void;
  flush(): void;
  /** Makes all lines outlive the process and the power; returns where the next one goes. */
  mark(): number;
  /** Drops all lines after such a place. A file that is gone begins anew. Throws where the place cannot be right. */
  resume(mark: unknown): void;
  close(): void;
}

const newline = 0x0a;
/** Text that waits to be written, at most. */
const maxWaiting = 1 << 16;
const maxWaitingMs = 1000;

/** A file at a path, begun anew with the first line unless `resume` is called before. */
export function createRecordFile(path: string): RecordFile {
  let descriptor: number | undefined;
  let position = 0;
  let waiting = "";
  let flushedAtMs = 0;

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
  const file = {
    continues: false,
    add(line: string, waitMs = maxWaitingMs) {
      waiting += `${line}\n`;
      if (waiting.length >= maxWaiting || performance.now() - flushedAtMs >= waitMs) file.flush();
    },
    flush() {
      attempt(() => {
        descriptor ??= begin();
        const bytes = new TextEncoder().encode(waiting);
        waiting = "";
        let written = 0;
        while (written < bytes.length) {
          written += writeSync(descriptor, bytes, written, bytes.length - written, position + written);
        }
        position += written;
        flushedAtMs = performance.now();
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
      if (waiting !== "") file.flush();
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
      position = 0;
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
