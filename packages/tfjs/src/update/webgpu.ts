import { sizeOf } from "@downhill/core";
import { type Access, arenas, compileProgram, type MatmulStep } from "@downhill/core/engine";
import { type KernelBackend, mul, type Tensor, type TensorInfo, type Variable } from "@tensorflow/tfjs-core";
import { asBackend, type Backend, bufferOf, encoderOf, submit, written } from "../webgpu/backend.js";
import { Dispatch, type Uniforms } from "../webgpu/dispatch.js";
import { HostWords } from "../webgpu/host-words.js";
import type { Memory } from "../webgpu/memory.js";
import { multiply } from "../webgpu/multiply.js";
import { schedule } from "../webgpu/schedule.js";
import type { Copy } from "../webgpu/stage.js";
import { ownData } from "./own-data.js";
import { counted, sameForAll } from "./report.js";
import { type LoneSlot, separateSlots } from "./separate-slots.js";
import type { PreparedUpdate, SlotTensors, TracedUpdate, UpdatePath } from "./update-path.js";

/**
 * Kernels of our own on tfjs's device, in place in its buffers: what can run at the same time is one dispatch, as far as
 * the buffers that one may bind go. Matrix products are tfjs's. All of a step is sent at once, with what tfjs has
 * recorded before it.
 */
export const webgpuPath: UpdatePath = {
  name: "webgpu",
  prepare(update, kernelBackend) {
    const backend = asBackend(kernelBackend);
    if (backend) return new WebGpuUpdate(update, backend, kernelBackend);
    return { refused: "this build of tfjs hides how its WebGPU backend records commands" };
  },
};

type Work =
  | { readonly kind: "dispatch"; readonly dispatch: Dispatch }
  | { readonly kind: "product"; readonly step: MatmulStep }
  | { readonly kind: "copy"; readonly copy: Copy };

class WebGpuUpdate implements PreparedUpdate {
  readonly report: PreparedUpdate["report"];
  readonly #backend: Backend;
  readonly #kernelBackend: KernelBackend;
  readonly #slots: readonly LoneSlot[];
  readonly #memory: Memory;
  readonly #work: readonly Work[];
  readonly #host: HostWords;
  readonly #uniforms: Uniforms;
  readonly #workspace: GPUBuffer;
  /** Tensors by their buffer's number, of the run that is on; those besides slots that a product does not give stay. */
  readonly #tensors = new Map<number, TensorInfo>();
  readonly #owned: readonly TensorInfo[];

  /** What the device found wrong with what was prepared; it says so later. */
  #failure: Error | undefined;

  constructor(update: TracedUpdate, backend: Backend, kernelBackend: KernelBackend) {
    const { device } = backend;
    for (const filter of ["validation", "out-of-memory"] as const) device.pushErrorScope(filter);
    this.#backend = backend;
    this.#kernelBackend = kernelBackend;
    const { program, layout, slots } = separateSlots(update);
    const plan = compileProgram(program, layout, "float32");
    const { memory, items } = schedule(plan, device.limits.maxStorageBuffersPerShaderStage);
    this.#slots = slots;
    this.#memory = memory;
    this.#host = new HostWords(plan);
    const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage;
    /** At least one vector, so that all can be bound. */
    const buffer = (count: number, usage: number) =>
      device.createBuffer({ size: 16 * Math.max(1, Math.ceil(count / 4)), usage });
    this.#workspace = buffer(memory.size, STORAGE | COPY_SRC | COPY_DST);
    plan.buffers.forEach((x, buffer) => {
      if (x.kind !== "data") return;
      const { offset } = memory.place({ buffer, offset: 0, strides: [] });
      backend.queue.writeBuffer(this.#workspace, 4 * offset, Float32Array.from(x.values));
    });
    const given = new Set(items.flatMap((item) => (item.kind === "product" ? [item.step.out.buffer] : [])));
    this.#owned = memory.owned.flatMap((size, i) => {
      const number = memory.scalars + 1 + i;
      if (given.has(number)) return [];
      const info = backend.makeTensorInfo([size], "float32");
      this.#tensors.set(number, info);
      return [info];
    });
    this.#work = items.map((item) =>
      item.kind === "dispatch"
        ? { kind: "dispatch", dispatch: new Dispatch(item.tasks, memory, this.#host, backend) }
        : item,
    );
    this.#uniforms = {
      host: buffer(this.#host.count, UNIFORM | COPY_DST),
      scalars: buffer(memory.scalarCount, UNIFORM | STORAGE),
    };
    for (const what of ["out of memory", "not valid"]) {
      device.popErrorScope().then(
        (error) => {
          if (error) this.#failure ??= new Error(`tfjs: kernels for WebGPU are ${what}: ${error.message}`);
        },
        // A device that is lost says so in tfjs's own calls.
        () => {},
      );
    }
    const dispatches = items.filter((item) => item.kind === "dispatch").length;
    const variables = program.writes.filter(({ arena }) => arena.startsWith(`${arenas.parameter}:`)).length;
    this.report = sameForAll(update, {
      path: "webgpu",
      why: `in place, ${counted(variables, "variable")} by ${counted(dispatches, "dispatch")}`,
    });
  }

  run(tensors: SlotTensors, hostScalars: Float64Array): void {
    if (this.#failure) throw this.#failure;
    const backend = this.#backend;
    const changed = new Set<object>();
    this.#slots.forEach(({ arena, written: writes }, number) => {
      const tensor = tensors.get(arena)!;
      if (writes) {
        ownData(tensor as Variable, this.#kernelBackend);
        changed.add(tensor.dataId);
      }
      this.#tensors.set(number, tensor);
    });
    const copies: Tensor[] = [];
    this.#slots.forEach(({ arena, written: writes }, number) => {
      // A variable may be its own gradient, or another's.
      if (writes || !changed.has(tensors.get(arena)!.dataId)) return;
      const copy = mul(tensors.get(arena)!, 1);
      copies.push(copy);
      this.#tensors.set(number, copy);
    });
    backend.queue.writeBuffer(this.#uniforms.host, 0, this.#host.words(hostScalars));
    const products: TensorInfo[] = [];
    for (const work of this.#work) {
      if (work.kind === "dispatch") work.dispatch.record(this.#uniforms, (number) => this.#buffer(number));
      else if (work.kind === "copy") {
        const { from, to, count } = work.copy;
        this.#copyNumbers(this.#buffer(from.buffer), from.offset, to, count);
      } else {
        const product = multiply(backend, work.step, (number) => this.#tensors.get(number)!);
        products.push(product);
        this.#deliver(product, work.step);
      }
    }
    submit(backend);
    for (const product of products) backend.disposeData(product.dataId);
    for (const copy of copies) copy.dispose();
    this.#slots.forEach(({ written: writes }, number) => {
      if (writes) written(backend, this.#tensors.get(number)!);
      this.#tensors.delete(number);
    });
  }

  /** A product's result becomes the buffer of its own, or is copied to where it belongs. */
  #deliver(product: TensorInfo, { batch, m, n, out }: MatmulStep): void {
    if (out.buffer > this.#memory.scalars) this.#tensors.set(out.buffer, product);
    else this.#copyNumbers(bufferOf(this.#backend, product), 0, out, sizeOf(batch) * m * n);
  }

  #copyNumbers(source: GPUBuffer, begin: number, { buffer, offset }: Access, count: number): void {
    const target = this.#buffer(buffer);
    encoderOf(this.#backend).copyBufferToBuffer(source, 4 * begin, target, 4 * offset, 4 * count);
  }

  #buffer(number: number): GPUBuffer {
    if (number === this.#memory.workspace) return this.#workspace;
    if (number === this.#memory.scalars) return this.#uniforms.scalars;
    return bufferOf(this.#backend, this.#tensors.get(number)!);
  }

  dispose(): void {
    for (const work of this.#work) if (work.kind === "dispatch") work.dispatch.dispose();
    for (const info of this.#owned) this.#backend.disposeData(info.dataId);
    for (const buffer of [this.#workspace, ...Object.values(this.#uniforms)]) buffer.destroy();
  }
}
