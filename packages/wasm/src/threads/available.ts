/** More do not pay: updates of parameters are bound by memory, which a few threads keep busy. */
const MOST = 4;

/**
 * Threads where nobody asks for a number: half of the processors, for two of them mostly share one core's arithmetic,
 * and at most 4.
 */
export function defaultThreads(): number {
  const processors =
    nodeModule("node:os")?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
  return Math.min(MOST, Math.ceil(processors / 2));
}

/** Why there are no threads to be had here; undefined where there are. */
export function whyNoThreads(): string | undefined {
  if (typeof SharedArrayBuffer === "undefined") {
    return (
      "this page is not cross-origin isolated (it needs the headers Cross-Origin-Opener-Policy: same-origin and " +
      "Cross-Origin-Embedder-Policy: require-corp)"
    );
  }
  if (!mayWait()) return "a page's main thread may not wait for others (use the engine in a worker)";
  if (!nodeModule("node:worker_threads") && typeof Worker === "undefined")
    return "this runtime has no workers";
  return undefined;
}

function mayWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
    return true;
  } catch {
    return false;
  }
}

interface NodeModules {
  readonly "node:os": typeof import("node:os");
  readonly "node:worker_threads": typeof import("node:worker_threads");
}

/** A module of Node's, where this is Node: asked for in a way that bundlers for pages need not know. */
export function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] | undefined {
  return globalThis.process?.getBuiltinModule?.(name) as NodeModules[Name] | undefined;
}
