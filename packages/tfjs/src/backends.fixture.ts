import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import "./wasm.js";

// A backend that nothing here has kernels for: cpu under another name.
tf.registerBackend("other", () => new MathBackendCPU());
tf.copyRegisteredKernels("cpu", "other");

/** Backends that run in Node without a graphics card. */
export const backends = ["cpu", "wasm", "other"] as const;
