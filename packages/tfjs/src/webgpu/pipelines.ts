import type { Shader } from "./shader.js";

interface Compiled {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** Pipelines of each device by their code, for all programs. */
const known = new WeakMap<GPUDevice, Map<string, Compiled>>();

export function pipelineOf(device: GPUDevice, { code, buffers, usesHost, usesScalars }: Shader): Compiled {
  const ofDevice = known.get(device) ?? new Map<string, Compiled>();
  known.set(device, ofDevice);
  const found = ofDevice.get(code);
  if (found) return found;
  const entry = (binding: number, type: GPUBufferBindingType): GPUBindGroupLayoutEntry => ({
    binding,
    visibility: GPUShaderStage.COMPUTE,
    buffer: { type },
  });
  const layout = device.createBindGroupLayout({
    entries: [
      ...(usesHost ? [entry(0, "uniform")] : []),
      entry(1, "uniform"),
      ...(usesScalars ? [entry(2, "uniform")] : []),
      ...buffers.map(({ writes }, i) => entry(i + 3, writes ? "storage" : "read-only-storage")),
    ],
  });
  const module = device.createShaderModule({ code, label: "downhill" });
  const pipeline = device.createComputePipeline({
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: "main" },
  });
  const compiled = { pipeline, layout };
  ofDevice.set(code, compiled);
  return compiled;
}
