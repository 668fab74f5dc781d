import { js } from "@downhill/core";
import type { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import { type Tensor, tensor, type Variable } from "@tensorflow/tfjs-core";
import { sameForAll } from "./report.js";
import { separateSlots } from "./separate-slots.js";
import type { UpdatePath } from "./update-path.js";

/**
 * In place by core's engine `js`: variables that are written take the engine's arrays for their values, so that one
 * generated function works on them where they are; gradients are copied in.
 */
export const cpuPath: UpdatePath = {
  name: "cpu",
  prepare(update, kernelBackend) {
    const backend = kernelBackend as MathBackendCPU;
    const { program, layout, slots } = separateSlots(update);
    const session = js().open(layout, "float32");
    const kernel = session.load(program);
    const ours = slots.map((slot) => ({ ...slot, values: session.view(slot.arena) as Float32Array }));
    const why = session.notes[0] ?? "in place, all variables by one generated function";
    return {
      report: sameForAll(update, { path: "cpu", why }),
      run(tensors, hostScalars) {
        for (const { arena, values, written } of ours) {
          const now = tensors.get(arena)!;
          if (written) adopt(now as Variable, values, backend);
          else values.set(backend.data.get(now.dataId).values as Float32Array);
        }
        kernel.run(hostScalars);
      },
      dispose: () => session.dispose(),
    };
  },
};

/** Makes `values` the variable's own, with the numbers that it has now. */
function adopt(variable: Variable, values: Float32Array, { data: storage }: MathBackendCPU): void {
  const data = storage.get(variable.dataId);
  if (data.values === values) {
    if (data.refCount === 1) return;
    // Whoever shares the data keeps the numbers as they are.
    data.values = values.slice();
  } else values.set(data.values as Float32Array);
  const own: Tensor = tensor(values, variable.shape, "float32");
  variable.assign(own);
  own.dispose();
}
