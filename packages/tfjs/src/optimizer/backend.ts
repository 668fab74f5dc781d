import { engine, type KernelBackend } from "@tensorflow/tfjs-core";

/** The backend in use. Throws, saying what to call, when none is ready. */
export function currentBackend(owner: string): { readonly name: string; readonly backend: KernelBackend } {
  try {
    const { backend } = engine();
    return { name: engine().backendName, backend };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `${owner}: no backend of TensorFlow.js is ready (${why}). ` +
        'Import one and wait for it before the first step: await tf.setBackend("cpu") or await tf.ready().',
      { cause: error },
    );
  }
}
