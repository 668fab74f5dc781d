import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { KernelBackend, TensorInfo } from "@tensorflow/tfjs-core";

/** The parts of tfjs's WebGPU backend that a kernel of one's own is recorded with; its types call some of them private. */
export type Backend = Omit<WebGPUBackend, "commandEncoder" | "computePassEncoder"> & {
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
};

/** The backend, unless a build of tfjs hides what is needed. */
export function asBackend(backend: KernelBackend): Backend | undefined {
  const found = backend as unknown as Backend;
  const complete =
    found.device !== undefined &&
    found.tensorMap !== undefined &&
    "commandEncoder" in found &&
    "computePassEncoder" in found;
  return complete ? found : undefined;
}

/** The open compute pass, behind all that tfjs has recorded. */
export function passOf(backend: Backend): GPUComputePassEncoder {
  backend.ensureCommandEncoderReady();
  backend.computePassEncoder ??= backend.commandEncoder!.beginComputePass();
  return backend.computePassEncoder;
}

/** The encoder, outside of passes: for copies. */
export function encoderOf(backend: Backend): GPUCommandEncoder {
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  return backend.commandEncoder!;
}

/** Sends all that is recorded. */
export function submit(backend: Backend): void {
  encoderOf(backend);
  backend.submitQueue();
}

/** The buffer that has a tensor's numbers. */
export function bufferOf(backend: Backend, { dataId }: TensorInfo): GPUBuffer {
  backend.uploadToGPU(dataId);
  return backend.tensorMap.get(dataId).resource as GPUBuffer;
}

/** Says that a tensor's numbers were written on the device: a copy that a reading left on the host is out of date. */
export function written(backend: Backend, { dataId }: TensorInfo): void {
  const data = backend.tensorMap.get(dataId) as { values: unknown; resource?: unknown };
  if (data.resource != null) data.values = null;
}
