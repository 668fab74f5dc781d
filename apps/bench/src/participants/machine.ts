import { machineLoops } from "../machine/loops.js";
import { type Prepared, serve } from "../participant.js";
import { type RuleName, type Spec, sizeOf } from "../spec.js";

/** What bounds a case on this machine: copying or reading as many bytes, or as many products and sums. */
const bound = process.argv[2];
const PAGE = 65536;

/** Bytes of a parameter with its gradient and state, and those that an update reads and writes of them. */
const bytesOf: Readonly<Record<RuleName, { held: number; moved: number }>> = {
  adam: { held: 16, moved: 28 },
  adamw: { held: 16, moved: 28 },
  lion: { held: 12, moved: 20 },
  momentum: { held: 12, moved: 20 },
};

function prepare(spec: Spec): Prepared | undefined {
  if (bound === "copy" && spec.kind === "update") {
    const { held, moved } = bytesOf[spec.rule];
    const count = spec.tensors * spec.length;
    return copying(count * held, count * moved);
  }
  if (bound === "copy" && spec.kind === "softmax") {
    const bytes = 2 * 4 * spec.rows * spec.classes;
    return copying(bytes, bytes);
  }
  if (bound === "read" && spec.kind === "linear") return reading(4 * spec.rows * (spec.columns + 1));
  if (bound !== "peak") return undefined;
  if (spec.kind === "matmul") return calculating(2 * spec.n ** 3, spec.dtype);
  return spec.kind === "step" ? calculating(productsOf(spec), "float32") : undefined;
}

/** Operations of a step's matrix products: forward, of the weights' gradients, and of all layers' inputs but the first. */
function productsOf({ sizes, batch }: Spec & { kind: "step" }): number {
  return sizes.slice(1).reduce((sum, outputs, i) => {
    return sum + (i === 0 ? 2 : 3) * 2 * batch * sizeOf([sizes[i]!, outputs]);
  }, 0);
}

/** Copies from one half of `held` bytes to the other until `moved` have been read or written. */
function copying(held: number, moved: number): Prepared {
  const half = Math.ceil(held / 2);
  const all = new Uint8Array(2 * half).fill(1);
  const [from, to] = [all.subarray(0, half), all.subarray(half)];
  const times = Math.floor(moved / 2 / half);
  const rest = from.subarray(0, Math.round(moved / 2 - times * half));
  return {
    run() {
      for (let i = 0; i < times; i++) to.set(from);
      to.set(rest);
    },
  };
}

function reading(bytes: number): Prepared {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) + 1 });
  new Float32Array(memory.buffer).fill(1);
  const { read } = machineLoops(memory);
  return { run: () => void read(Math.ceil(bytes / 64)) };
}

function calculating(operations: number, dtype: "float32" | "float64"): Prepared {
  const loops = machineLoops(new WebAssembly.Memory({ initial: 1 }));
  const [peak, lanes] = dtype === "float32" ? [loops.peak32, 4] : [loops.peak64, 2];
  const times = Math.max(1, Math.round(operations / (12 * lanes)));
  return { run: () => void peak(times) };
}

await serve(prepare);
