import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";

/** A kernel of tfjs's wasm backend: from tensors on its heap and attributes to a tensor there. */
export function wasmKernel<I extends string, A>(
  kernelName: string,
  kernelFunc: (inputs: Record<I, TensorInfo>, attributes: A, backend: BackendWasm) => TensorInfo,
): KernelConfig {
  return {
    kernelName,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs, backend }) =>
      kernelFunc(inputs as unknown as Record<I, TensorInfo>, attrs as A, backend as BackendWasm),
  };
}

/** The numbers of float32 tensors, as views of the heap. They hold until something is allocated there. */
export function views(backend: BackendWasm, ...tensors: readonly TensorInfo[]): Float32Array[] {
  return tensors.map((tensor) => {
    if (tensor.dtype === "float32") return backend.typedArrayFromHeap(tensor) as Float32Array;
    throw new TypeError(`@downhill/tfjs/wasm-kernels: expected a float32 tensor, got ${tensor.dtype}.`);
  });
}
