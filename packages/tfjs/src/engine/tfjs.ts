import type { DType, Engine, Layout } from "@downhill/core";
import * as tf from "@tensorflow/tfjs-core";
import { TfjsSession } from "./session.js";

/** Backends of TensorFlow.js; others that are registered run by plain ops. */
export type BackendName = "webgpu" | "webgl" | "wasm" | "cpu";

/**
 * Runs programs on TensorFlow.js, in float32: on WebGPU and WebGL matrix products by tfjs's kernels and everything else
 * by fused kernels of our own, on other backends by the fastest way there is. The backend's package must be imported;
 * it becomes the one in use (`tf.setBackend`) when a session is opened, and must be while that runs.
 */
export function tfjs(backend: BackendName | (string & {})): Engine<"async"> {
  return {
    "~engine": 1,
    name: `tfjs-${backend}`,
    mode: "async",
    dtypes: ["float32"],
    open: (layout, dtype) => open(backend, layout, dtype),
  };
}

async function open(backend: string, layout: Layout, dtype: DType): Promise<TfjsSession> {
  if (dtype !== "float32") {
    throw new Error(
      `tfjs: there is no ${dtype} in TensorFlow.js, which computes in float32. ` +
        'Ask for dtype: "float32", or use the engines js() or wasm() for float64.',
    );
  }
  await use(backend);
  return new TfjsSession(layout, backend);
}

async function use(backend: string): Promise<void> {
  if (tf.getBackend() === backend) return;
  const known = tf.engine().registryFactory;
  if (!(backend in known)) {
    const names = Object.keys(known);
    throw new Error(
      `tfjs: backend "${backend}" is not registered with TensorFlow.js; ` +
        `${names.length > 0 ? `registered are ${names.join(", ")}` : "none is"}. ` +
        `Import its package first: import "@tensorflow/tfjs-backend-${backend}".`,
    );
  }
  if (await tf.setBackend(backend)) return;
  throw new Error(
    `tfjs: backend "${backend}" could not be initialised here. ` +
      "See the console for TensorFlow.js's reason, or use another backend.",
  );
}
