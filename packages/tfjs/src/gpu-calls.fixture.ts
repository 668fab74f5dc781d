/** What a page asks of the GPU, counted. */
export interface GpuCalls {
  /** Compute dispatches of WebGPU. */
  dispatches: number;
  /** Draws of WebGL. */
  draws: number;
  /** Readings of the device by the host. */
  reads: number;
  /** Command buffers sent. */
  submits: number;
}

/** Counts the calls that `run` makes. */
export async function countGpuCalls(run: () => void | Promise<void>): Promise<GpuCalls> {
  const calls: GpuCalls = { dispatches: 0, draws: 0, reads: 0, submits: 0 };
  const undo: (() => void)[] = [];
  const watch = (owner: object | undefined, method: string, kind: keyof GpuCalls) => {
    const methods = owner as Record<string, (...parameters: unknown[]) => unknown> | undefined;
    const original = methods?.[method];
    if (methods === undefined || original === undefined) return;
    methods[method] = function (...parameters) {
      calls[kind]++;
      return original.apply(this, parameters);
    };
    undo.push(() => {
      methods[method] = original;
    });
  };
  const prototypeOf = (name: string) => (globalThis as Record<string, any>)[name]?.prototype;
  watch(prototypeOf("GPUComputePassEncoder"), "dispatchWorkgroups", "dispatches");
  watch(prototypeOf("GPUBuffer"), "mapAsync", "reads");
  watch(prototypeOf("GPUQueue"), "submit", "submits");
  watch(prototypeOf("GPUCanvasContext"), "getCurrentTexture", "reads");
  for (const method of ["drawElements", "drawArrays"]) {
    watch(prototypeOf("WebGL2RenderingContext"), method, "draws");
  }
  // Also where the pixels go to a buffer first, which is read later.
  watch(prototypeOf("WebGL2RenderingContext"), "readPixels", "reads");
  try {
    await run();
  } finally {
    for (const restore of undo) restore();
  }
  return calls;
}
