import {
  type Engine,
  type Kernel,
  type Layout,
  type Program,
  reference,
  type Session,
  sizeOf,
} from "@downhill/core";
import { engineSuite, engineTolerance, randomRun, requireClose, runProgram } from "@downhill/testing";
import { describe, expect, it } from "vitest";
import { linkProgram } from "./link.js";

/** Another library's heap, on which arenas lie elsewhere at each run. */
function heap(): Engine<"sync"> {
  return { "~engine": 1, name: "heap", mode: "sync", dtypes: ["float32"], open };
}

function open(layout: Layout, dtype: "float32" | "float64"): Session<"sync"> {
  const memory = new WebAssembly.Memory({ initial: 1 });
  let end = 12;
  const allocate = (bytes: number) => {
    const address = end;
    end += Math.ceil(bytes / 4) * 4;
    const missing = Math.ceil((end - memory.buffer.byteLength) / 65536);
    if (missing > 0) memory.grow(missing);
    return address;
  };
  const arenas = Object.entries(layout).map(([name, slots]) => {
    const size = Object.values(slots).reduce((sum, shape) => sum + sizeOf(shape), 0);
    return { name, slots, size, address: allocate(4 * size) };
  });
  const view = (arena: string, name?: string) => {
    const { slots, size, address } = arenas.find((each) => each.name === arena)!;
    let offset = 0;
    for (const [slot, shape] of Object.entries(slots)) {
      if (slot === name) return new Float32Array(memory.buffer, address + 4 * offset, sizeOf(shape));
      offset += sizeOf(shape);
    }
    return new Float32Array(memory.buffer, address, size);
  };
  return {
    layout,
    dtype,
    notes: [],
    view,
    read: (arena, name) => view(arena, name).slice(),
    write: (arena, name, values) => view(arena, name).set(values),
    dispose() {},
    load(program: Program): Kernel<"sync"> {
      const { run } = linkProgram(program, layout, { memory, allocate });
      return {
        run(scalars) {
          for (const arena of arenas) {
            const values = view(arena.name).slice();
            view(arena.name).fill(Number.NaN);
            arena.address = allocate(4 * arena.size);
            view(arena.name).set(values);
          }
          run(
            arenas.map(({ address }) => address),
            scalars,
          );
        },
      };
    },
  };
}

describe("the engine suite, on another's memory", () => {
  it.each(engineSuite.map((check) => [check.title, check] as const))("%s", async (_, check) => {
    await check.run(heap());
  });
});

describe("a program linked to another's memory", () => {
  it("gives what the interpreter gives, wherever its arenas are", async () => {
    const failures: string[] = [];
    for (let seed = 1; seed <= 60; seed++) {
      const run = randomRun(seed);
      try {
        const actual = await runProgram(heap(), "float32", run);
        const expected = await runProgram(reference(), "float32", run);
        requireClose(actual.p!, expected.p!, engineTolerance.float32, `seed ${seed}`);
      } catch (error) {
        failures.push(`${error}`);
      }
    }
    expect(failures).toEqual([]);
  });
});
