import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  writeSync,
} from "node:fs";
import { basename, join } from "node:path";

/** An event file that grows at its end. */
export interface EventFile {
  readonly name: string;
  append(bytes: Uint8Array): void;
  /** Makes all bytes outlive the process and the power; returns how many there are. */
  sync(): number;
  close(): void;
}

/** A new event file in a folder, which is made where it is missing; after all others there, for TensorBoard reads by name. */
export function createEventFile(folder: string, time: string): EventFile {
  mkdirSync(folder, { recursive: true });
  const { name, descriptor } = openNext(folder, Math.floor(Date.parse(time) / 1000));
  let size = 0;
  return {
    name,
    append(bytes) {
      try {
        for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
      } catch (error) {
        throw new Error(`${join(folder, name)} could not be written: ${(error as Error).message}.`);
      }
      size += bytes.length;
    },
    sync() {
      fsyncSync(descriptor);
      return size;
    },
    close: () => closeSync(descriptor),
  };
}

/** The folder itself, as an empty name, or the first of `2`, `3`, … within that has no event files yet. */
export function unusedFolder(path: string): string {
  for (let number = 1; ; number++) {
    const folder = number === 1 ? "" : String(number);
    const there = join(path, folder);
    if (!existsSync(there) || !readdirSync(there).some((name) => named.test(name))) return folder;
  }
}

const named = /^events\.out\.tfevents\.(\d{10})\b/;

function openNext(
  folder: string,
  fromSeconds: number,
): { readonly name: string; readonly descriptor: number } {
  const there = readdirSync(folder).flatMap((name) => named.exec(name)?.[1] ?? []);
  let seconds = Math.max(fromSeconds, ...there.map((text) => Number(text) + 1));
  for (; ; seconds++) {
    const name = `events.out.tfevents.${String(seconds).padStart(10, "0")}.downhill`;
    try {
      return { name, descriptor: openSync(join(folder, name), "wx") };
    } catch (error) {
      // Another process was faster.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/**
 * Drops what comes after so many bytes of an event file. One that is gone is no error. Throws where the file is shorter,
 * and leaves it as it is.
 */
export function cutEventFile(folder: string, name: string, bytes: number): void {
  const path = join(folder, basename(name));
  if (!existsSync(path)) return;
  const descriptor = openSync(path, "r+");
  try {
    const { size } = fstatSync(descriptor);
    if (size < bytes) {
      throw new Error(
        `${path} has ${size} bytes, but the checkpoint knows of ${bytes}: it is another file, and was left as it is.`,
      );
    }
    ftruncateSync(descriptor, bytes);
  } finally {
    closeSync(descriptor);
  }
}
