import { nodeModule } from "./available.js";
import { control } from "./control.js";
import { helperSource } from "./helper-source.js";

/** A program to help with. */
export interface SharedProgram {
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  readonly firstJob: number;
  readonly jobs: number;
  /** Bytes of each thread's own memory. */
  readonly ownBytes: number;
}

/** Threads that take parts of a session's jobs. */
export interface Helpers {
  add(program: SharedProgram): void;
  dispose(): void;
}

/**
 * Starts `count` helpers with the first program; nobody waits until they have. They keep no process alive. `note` is told
 * if one does not start.
 */
export function createHelpers(count: number, note: (text: string) => void): Helpers {
  const failed = (reason: string) => note(`Not all threads could start (${reason}), so fewer run.`);
  let workers: Helper[] | undefined;
  return {
    add({ memory, ownBytes, ...program }) {
      workers ??= start(count, failed);
      workers.forEach((worker, i) => worker.post({ ...program, memory, own: (i + 1) * ownBytes }));
      const words = new Int32Array(memory.buffer, 0, control.end / 4);
      Atomics.add(words, control.posted / 4, 1);
      Atomics.add(words, control.news / 4, 1);
      Atomics.notify(words, control.news / 4);
    },
    dispose() {
      for (const worker of workers ?? []) worker.end();
      workers = [];
    },
  };
}

interface Helper {
  post(message: object): void;
  end(): void;
}

function start(count: number, failed: (reason: string) => void): Helper[] {
  const workers: Helper[] = [];
  try {
    while (workers.length < count) workers.push(nodeHelper(failed) ?? webHelper(failed));
  } catch (error) {
    // A content-security policy may forbid workers.
    failed(error instanceof Error ? error.message : String(error));
  }
  return workers;
}

function nodeHelper(failed: (reason: string) => void): Helper | undefined {
  const threads = nodeModule("node:worker_threads");
  if (!threads) return undefined;
  // Without the process' own options: what they load is of no use here.
  const worker = new threads.Worker(helperSource, { eval: true, execArgv: [], name: "downhill" });
  worker.on("error", (error) => failed(error.message));
  worker.unref();
  return { post: (message) => worker.postMessage(message), end: () => void worker.terminate() };
}

function webHelper(failed: (reason: string) => void): Helper {
  const url = URL.createObjectURL(new Blob([helperSource], { type: "text/javascript" }));
  const worker = new Worker(url, { name: "downhill" });
  worker.onerror = ({ message }) =>
    failed(message || "does a content-security policy forbid workers from blob:?");
  return {
    post: (message) => worker.postMessage(message),
    end() {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}
