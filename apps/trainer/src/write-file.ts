import { constants } from "node:fs";
import { access, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Writes a file wholly or not at all: beside its place first, and then moved there. */
export async function writeWholeFile(path: string, bytes: Uint8Array): Promise<void> {
  const unfinished = `${path}.tmp`;
  try {
    await writeFile(unfinished, bytes, { flush: true });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw Object.assign(error as Error, { path });
  }
}

/** Throws now where a file could not be written later, after hours of training. Makes its folder. */
export async function requireWritable(path: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  await access(folder, constants.W_OK);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) throw Object.assign(new Error(`${path} is a folder; expected the path of a file.`), { path });
}
