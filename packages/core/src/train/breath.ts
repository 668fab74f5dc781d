/** A turn for everything else: timers, signals, a page. Resolves as a task of its own. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") {
      setImmediate(resolve);
      return;
    }
    // Browsers delay nested timers by 4 ms each; a message comes at once.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** Work between two pauses: a frame of a page's, well within the 50 ms that a run may hold the thread. */
const sliceMs = 16;

/** Tells when work has gone on for long enough: something to wait for then, nothing before. */
export type Breath = (nowMs: number) => Promise<void> | undefined;

export function createBreath(): Breath {
  let since = performance.now();
  return (nowMs) => {
    if (nowMs - since < sliceMs) return undefined;
    return pause().then(() => {
      since = performance.now();
    });
  };
}
