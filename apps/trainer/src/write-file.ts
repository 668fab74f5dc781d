import { constants } from "node:fs";
import { access, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { UsageError } from "./errors.js";

/** Writes a file wholly or not at all: beside its place first, and then moved there. */
export async function writeWholeFile(path: string, bytes: Uint8Array): Promise<void> {
  // What is no file, such as /dev/stdout, is written to and not replaced.
  if (await isSpecial(path)) return writeFile(path, bytes).catch((error) => rethrow(error, path));
  const unfinished = `${path}.tmp`;
  try {
    await writeFile(unfinished, bytes, { flush: true });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    rethrow(error, path);
  }
}

/** Writes a picture as its path says: SVG or PNG. */
export async function writePicture(path: string, svg: string): Promise<void> {
  // Only who wants a PNG needs what makes it, which is native code.
  const bytes = path.endsWith(".png")
    ? (await import("@downhill/reporter-html/png")).png(svg)
    : Buffer.from(svg);
  await writeWholeFile(path, bytes);
}

/** Throws now where a file could not be written later, after hours of training. Makes its folder. */
export async function requireWritable(flag: string, path: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) throw new UsageError(`${flag} ${path} is a folder; expected the path of a file.`);
  await access(folder, constants.W_OK);
}

/** Throws now where files could not be written into a folder later. Makes it. */
export async function requireWritableFolder(flag: string, path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found && !found.isDirectory())
    throw new UsageError(`${flag} ${path} is a file; expected the path of a folder.`);
  await mkdir(path, { recursive: true });
  await access(path, constants.W_OK);
}

/** As `requireWritable`, for a file that is read again. */
export async function requireWritableFile(flag: string, path: string): Promise<void> {
  await requireWritable(flag, path);
  if (await isSpecial(path))
    throw new UsageError(`${flag} ${path} is a device or a pipe; expected the path of a file.`);
}

async function isSpecial(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && !found.isFile();
}

/** The error of the path that was meant. */
function rethrow(error: unknown, path: string): never {
  throw Object.assign(error as Error, { path });
}
