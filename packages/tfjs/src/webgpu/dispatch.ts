import { type Backend, passOf } from "./backend.js";
import type { HostWords } from "./host-words.js";
import type { Memory } from "./memory.js";
import { shaderOf } from "./shader.js";
import type { Task } from "./task.js";

/** Values of the host, and device scalars. */
export interface Uniforms {
  readonly host: GPUBuffer;
  readonly scalars: GPUBuffer;
}

/** Tasks as they are sent to the device, with the buffers of one run. */
export class Dispatch {
  readonly #backend: Backend;
  readonly #shader;
  readonly #pipeline: GPUComputePipeline;
  readonly #parameters: GPUBuffer;
  readonly #grid: readonly [number, number];
  #bound: readonly GPUBuffer[] = [];
  #group: GPUBindGroup | undefined;

  constructor(tasks: readonly Task[], memory: Memory, host: HostWords, backend: Backend) {
    const { device, queue } = backend;
    this.#backend = backend;
    this.#shader = shaderOf(tasks, memory, host);
    const { code, parameters, groups } = this.#shader;
    this.#pipeline = pipelineOf(device, code);
    this.#parameters = device.createBuffer({
      size: parameters.byteLength,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
    queue.writeBuffer(this.#parameters, 0, parameters);
    const width = Math.min(groups, device.limits.maxComputeWorkgroupsPerDimension);
    this.#grid = [width, Math.ceil(groups / width)];
  }

  record(given: Uniforms, buffers: (number: number) => GPUBuffer): void {
    const bound = this.#shader.buffers.map(({ buffer }) => buffers(buffer));
    // The same buffers as last time are bound already: only gradients change from step to step.
    if (this.#group === undefined || bound.some((buffer, i) => buffer !== this.#bound[i])) {
      const uniforms = { ...given, parameters: this.#parameters };
      const entry = (binding: number, buffer: GPUBuffer) => ({ binding, resource: { buffer } });
      this.#group = this.#backend.device.createBindGroup({
        layout: this.#pipeline.getBindGroupLayout(0),
        entries: [
          ...this.#shader.uniforms.map(({ name, binding }) => entry(binding, uniforms[name])),
          ...bound.map((buffer, i) => entry(i + 3, buffer)),
        ],
      });
      this.#bound = bound;
    }
    const pass = passOf(this.#backend);
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(0, this.#group);
    pass.dispatchWorkgroups(...this.#grid);
  }

  dispose(): void {
    this.#parameters.destroy();
  }
}

/** Pipelines of each device by their code, for all programs. */
const known = new WeakMap<GPUDevice, Map<string, GPUComputePipeline>>();

function pipelineOf(device: GPUDevice, code: string): GPUComputePipeline {
  const ofDevice = known.get(device) ?? new Map<string, GPUComputePipeline>();
  known.set(device, ofDevice);
  const pipeline =
    ofDevice.get(code) ??
    device.createComputePipeline({
      layout: "auto",
      compute: { module: device.createShaderModule({ code, label: "downhill" }), entryPoint: "main" },
    });
  ofDevice.set(code, pipeline);
  return pipeline;
}
