import { slotKey } from "@downhill/core";
import { arenas } from "@downhill/core/engine";
import { linkProgram } from "@downhill/wasm";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import { ownData } from "./own-data.js";
import { sameForAll } from "./report.js";
import { separateSlots } from "./separate-slots.js";
import type { UpdatePath } from "./update-path.js";

/** In place on the heap of tfjs's wasm backend, by a module of our own over the same memory. */
export const wasmPath: UpdatePath = {
  name: "wasm",
  prepare(update, kernelBackend) {
    const backend = kernelBackend as BackendWasm;
    const heap = heapOf(backend);
    if (!heap) return { refused: "the heap of this build of the wasm backend cannot be reached" };
    const { program, layout, slots } = separateSlots(update);
    let block = 0;
    const allocate = (bytes: number) => {
      block = heap.malloc(bytes);
      return block;
    };
    try {
      const linked = linkProgram(program, layout, { memory: heap.memory, allocate });
      const addresses = new Uint32Array(slots.length);
      const { writes } = update.program;
      const parameters = writes.flatMap(({ arena, name }) =>
        arena === arenas.parameter ? [slotKey(arena, name)] : [],
      );
      return {
        report: sameForAll(update, {
          path: "wasm",
          why: "in place, by one SIMD module on the backend's heap",
        }),
        run(tensors, hostScalars) {
          for (const { arena, written } of slots) {
            if (written) ownData(tensors.get(arena) as Variable, backend);
          }
          slots.forEach(({ arena }, i) => {
            addresses[i] = backend.getMemoryOffset(tensors.get(arena)!.dataId);
          });
          linked.run(addresses, hostScalars);
          for (const key of parameters) renumber(tensors.get(key)!, backend);
        },
        dispose: () => heap.free(block),
      };
    } catch (error) {
      heap.free(block);
      const why = error instanceof Error ? error.message : String(error);
      return { refused: `WebAssembly with SIMD does not compile here (${why})` };
    }
  },
};

/**
 * Gives changed data another number. Products and convolutions keep their weights packed, by the number of the data, and
 * would go on with those from before: tfjs takes it that data never change.
 */
function renumber(tensor: Tensor, backend: BackendWasm): void {
  const { dataIdMap, wasm } = backend;
  const data = dataIdMap.get(tensor.dataId);
  wasm.tfjs.disposeData(data.id);
  data.id = (backend as unknown as Numbering).dataIdNextNumber++;
  wasm.tfjs.registerTensor(data.id, tensor.size, data.memoryOffset);
}

interface Heap {
  readonly memory: WebAssembly.Memory;
  malloc(bytes: number): number;
  free(address: number): void;
}

/** How the backend numbers its data; private. */
interface Numbering {
  dataIdNextNumber: number;
}

/** What the backend's module is made of; nothing of it is documented but `HEAPU8`. */
interface Module {
  readonly HEAPU8: Uint8Array;
  readonly asm?: Readonly<Record<string, unknown>>;
  readonly wasmMemory?: WebAssembly.Memory;
  _malloc(bytes: number): number;
  _free(address: number): void;
}

function heapOf(backend: BackendWasm): Heap | undefined {
  if (!Number.isInteger((backend as unknown as Partial<Numbering>).dataIdNextNumber)) return undefined;
  const module = backend.wasm as unknown as Module;
  const found = [module.wasmMemory, ...Object.values(module.asm ?? {})].find(
    (part): part is WebAssembly.Memory =>
      part instanceof WebAssembly.Memory && part.buffer === module.HEAPU8.buffer,
  );
  return (
    found && {
      memory: found,
      // Addresses beyond 2 GiB come as negative numbers.
      malloc: (bytes) => module._malloc(bytes) >>> 0,
      free: (address) => module._free(address),
    }
  );
}
