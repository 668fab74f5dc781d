import type { KernelBackend } from "@tensorflow/tfjs-core";
import { cpuPath } from "./cpu.js";
import { preparePlain } from "./plain.js";
import type { PreparedUpdate, TracedUpdate, UpdatePath } from "./update-path.js";

/** The path for each of tfjs's backends, by the name it is registered under. */
const paths = new Map<string, UpdatePath>([["cpu", cpuPath]]);

/** Backends whose path is in an entry of its own, which registers it: a page has those that it imports. */
const elsewhere = ["webgl", "webgpu", "wasm"];

/** Makes a path known for a backend. */
export function registerUpdatePath(backendName: string, path: UpdatePath): void {
  paths.set(backendName, path);
}

/** The update by the backend's path; by plain ops, which `say` is told the reason for, where it has none. */
export function prepareUpdate(
  update: TracedUpdate,
  backendName: string,
  backend: KernelBackend,
  say: (why: string) => void,
): PreparedUpdate {
  const path = paths.get(backendName);
  const prepared = path?.prepare(update, backend) ?? {
    refused: elsewhere.includes(backendName)
      ? `import "@downhill/tfjs/${backendName}" for kernels of our own`
      : `backend "${backendName}" has no kernels of ours`,
  };
  if (!("refused" in prepared)) return prepared;
  say(prepared.refused);
  return preparePlain(update, prepared.refused);
}
