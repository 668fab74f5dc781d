import type { TextStream } from "./look.js";

/** A stream that may be slow, or close before the run ends: neither disturbs the run. */
export interface Output {
  /** Writes, unless the stream has failed. */
  write(text: string): void;
  /** Whether earlier text still waits to be taken: no time for another picture of the same. */
  busy(): boolean;
  /** Calls back when the terminal's size has changed. */
  onResize(callback: () => void): void;
  /** Writes the last text and lets go of the stream, when it has taken all or the time is up. */
  finish(text: string, timeoutMs: number): Promise<void>;
}

const longestTimeoutMs = 2 ** 31 - 1;

export function openOutput(stream: TextStream): Output {
  let failed = false;
  let resized = () => {};
  // Without a listener, a reader that has gone away (`2>&1 | head`) would end the process, and the run with it.
  const fail = () => {
    failed = true;
  };
  const resize = () => resized();
  stream.on("error", fail);
  stream.on("resize", resize);

  const flush = (text: string, timeoutMs: number) =>
    new Promise<void>((resolve) => {
      if (failed) return resolve();
      const timer = setTimeout(resolve, Math.min(timeoutMs, longestTimeoutMs));
      stream.write(text, () => {
        clearTimeout(timer);
        resolve();
      });
    });

  return {
    write(text) {
      if (!failed) stream.write(text);
    },
    busy: () => stream.writableNeedDrain === true,
    onResize(callback) {
      resized = callback;
    },
    async finish(text, timeoutMs) {
      stream.off("resize", resize);
      await flush(text, timeoutMs);
      // An error is told after the write that met it.
      setImmediate(() => stream.off("error", fail));
    },
  };
}
