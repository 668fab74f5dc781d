import { readFile, rename, writeFile } from "node:fs/promises";
import type { CheckpointStore } from "@downhill/core/train";
export async function writeFileAtomically(path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(`${path}.tmp`, bytes);
  await rename(`${path}.tmp`, path);
}
export function fileStore(path: string): CheckpointStore {
  return { name: path, save: (s) => writeFileAtomically(path, s), load: () => readFile(path).catch(() => undefined) };
}
