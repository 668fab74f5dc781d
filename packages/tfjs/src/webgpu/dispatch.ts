import { type Backend, passOf } from "./backend.js";
import type { HostValues } from "./host-words.js";
import type { Memory } from "./memory.js";
import { pipelineOf } from "./pipelines.js";
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
  readonly #uniforms: Uniforms;
  readonly #shader;
  readonly #compiled;
  readonly #parameters: GPUBuffer;
  readonly #grid: readonly [number, number];
  #bound: readonly GPUBuffer[] = [];
  #group: GPUBindGroup | undefined;

  constructor(
    tasks: readonly Task[],
    memory: Memory,
    values: HostValues,
    backend: Backend,
    uniforms: Uniforms,
  ) {
    const { device } = backend;
    this.#backend = backend;
    this.#uniforms = uniforms;
    this.#shader = shaderOf(tasks, memory, values);
    this.#compiled = pipelineOf(device, this.#shader);
    const { parameters, groups } = this.#shader;
    this.#parameters = device.createBuffer({
      size: parameters.byteLength,
      usage: GPUBufferUsage.UNIFORM,
      mappedAtCreation: true,
    });
    new Uint32Array(this.#parameters.getMappedRange()).set(parameters);
    this.#parameters.unmap();
    const width = Math.min(groups, device.limits.maxComputeWorkgroupsPerDimension);
    this.#grid = [width, Math.ceil(groups / width)];
  }

  record(buffers: (number: number) => GPUBuffer): void {
    const { device } = this.#backend;
    const bound = this.#shader.buffers.map(({ buffer }) => buffers(buffer));
    // The same buffers as last time are bound already: only gradients change from step to step.
    if (this.#group === undefined || bound.some((buffer, i) => buffer !== this.#bound[i])) {
      const { usesHost, usesScalars } = this.#shader;
      const { host, scalars } = this.#uniforms;
      const entry = (binding: number, buffer: GPUBuffer) => ({ binding, resource: { buffer } });
      this.#group = device.createBindGroup({
        layout: this.#compiled.layout,
        entries: [
          ...(usesHost ? [entry(0, host)] : []),
          entry(1, this.#parameters),
          ...(usesScalars ? [entry(2, scalars)] : []),
          ...bound.map((buffer, i) => entry(i + 3, buffer)),
        ],
      });
      this.#bound = bound;
    }
    const pass = passOf(this.#backend);
    pass.setPipeline(this.#compiled.pipeline);
    pass.setBindGroup(0, this.#group);
    pass.dispatchWorkgroups(...this.#grid);
  }

  dispose(): void {
    this.#parameters.destroy();
  }
}
