import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as workerThreads from "node:worker_threads";
import type { Kernel, Program } from "@downhill/core";
import { compileProgram, leaf } from "@downhill/core/engine";
import { build } from "vite";
import { afterEach, describe, expect, it, vi } from "vitest";
import { wasm } from "../wasm.js";
import { control } from "./control.js";
import { awaitHelpers, wordOf } from "./sharing.fixture.js";
import { splitPlan } from "./split-plan.js";

const none = new Float64Array(0);
const n = 256;
const layout = { p: { a: [n, n], y: [n, n], few: [3] } };
const a = leaf("p", "a", [n, n]);
const large: Program = { writes: [{ arena: "p", name: "y", value: a.matmul(a) }], hostScalars: [] };
const small: Program = {
  writes: [{ arena: "p", name: "few", value: leaf("p", "few", [3]).mul(2) }],
  hostScalars: [],
};

/** Puts another Worker in the place of Node's. */
function replaceWorker(Worker: unknown): void {
  const { getBuiltinModule } = process;
  vi.spyOn(process, "getBuiltinModule").mockImplementation(((name: string) =>
    name === "node:worker_threads" ? { ...workerThreads, Worker } : getBuiltinModule(name)) as never);
}

async function collectGarbage(): Promise<void> {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  await new Promise((resolve) => setTimeout(resolve, 10));
}

class NoWorker {
  constructor() {
    throw new Error("ERR_WORKER_INIT_FAILED");
  }
}

afterEach(() => void vi.restoreAllMocks());

describe("helpers", () => {
  it("start with the first program that is large enough, take parts of it, and end with the session", async () => {
    const workers: workerThreads.Worker[] = [];
    replaceWorker(
      class extends workerThreads.Worker {
        constructor(...options: ConstructorParameters<typeof workerThreads.Worker>) {
          super(...options);
          workers.push(this);
        }
      },
    );
    const session = wasm({ threads: 3, fallback: false }).open(layout, "float32");
    session.view("p", "a").fill(1);
    session.view("p", "few").fill(1);
    const double = session.load(small);
    double.run(none);
    expect(workers).toHaveLength(0);

    const square = session.load(large);
    expect(workers).toHaveLength(2);
    awaitHelpers(session, 2);
    // The job as `run` would publish it, but for taking parts itself.
    const { parts, rest } = splitPlan(compileProgram(large, layout, "float32")).jobs[0]!;
    const all = parts + (rest ? 1 : 0);
    expect(all).toBeGreaterThan(1);
    const { buffer } = session.view("p");
    new BigInt64Array(buffer)[control.ticket / 8] = (1n << 32n) | BigInt(all);
    const words = new Int32Array(buffer);
    Atomics.add(words, control.news / 4, 1);
    Atomics.notify(words, control.news / 4);
    await vi.waitFor(() => expect(wordOf(session, "done")).toBe(all));
    expect(session.read("p", "y").every((x) => x === n)).toBe(true);

    // One more program, while they wait for work.
    const again = session.load(large);
    double.run(none);
    again.run(none);
    expect([...session.read("p", "few")]).toEqual([4, 4, 4]);
    expect(session.read("p", "y").every((x) => x === n)).toBe(true);
    expect(session.notes).toEqual([]);

    const ended = workers.map((worker) => once(worker, "exit"));
    session.dispose();
    await Promise.all(ended);
    expect(() => square.run(none)).toThrow(/disposed/);
  });

  it("are woken ever more seldom where others have their processors, and at once where it pays", () => {
    /** Sleeps, and sleeps on when it is woken. */
    class Sleeper {
      on() {}
      unref() {}
      terminate() {}
      postMessage({ memory }: { memory: WebAssembly.Memory }) {
        const words = new Int32Array(memory.buffer);
        words[control.helpers / 4] = 1;
        words[control.sleepers / 4] = 1;
      }
    }
    replaceWorker(Sleeper);
    const session = wasm({ threads: 2, fallback: false }).open(layout, "float32");
    session.view("p", "a").fill(1);
    const square = session.load(large);
    const pauses = new Set<number>();
    for (let i = 0; i < 2000; i++) {
      square.run(none);
      pauses.add(wordOf(session, "pause"));
    }
    expect([...pauses]).toEqual([64, 128, 256, 512, 1024, 2048, 4096, 8192]);
    expect(session.read("p", "y").every((x) => x === n)).toBe(true);

    new Int32Array(session.view("p").buffer)[control.beside / 4] = 10;
    square.run(none);
    expect(wordOf(session, "pause")).toBe(0);
    session.dispose();
  });

  it("end when nobody has the session any more, nor its kernels", async () => {
    const ended: Promise<unknown>[] = [];
    replaceWorker(
      class extends workerThreads.Worker {
        constructor(...options: ConstructorParameters<typeof workerThreads.Worker>) {
          super(...options);
          ended.push(once(this, "exit"));
        }
      },
    );
    /** A kernel without its session. */
    const load = () => {
      const session = wasm({ threads: 2, fallback: false }).open(layout, "float32");
      const kernel = session.load(large);
      awaitHelpers(session, 1);
      return kernel;
    };
    let kernel: Kernel<"sync"> | undefined = load();
    let exits = 0;
    void Promise.all(ended).then(() => exits++);
    for (let i = 0; i < 5; i++) {
      await collectGarbage();
      kernel.run(none);
    }
    expect(exits).toBe(0);
    kernel = undefined;
    await vi.waitFor(async () => {
      await collectGarbage();
      expect(exits).toBe(1);
    }, 5000);
  });

  it("are none with one thread, and the memory is not shared", () => {
    const session = wasm({ threads: 1 }).open(layout, "float32");
    session.load(large);
    expect(session.view("p").buffer).toBeInstanceOf(ArrayBuffer);
    session.dispose();
  });

  it.each([0, -1, 1.5, Number.NaN])("cannot be had for %s threads", (threads) => {
    expect(() => wasm({ threads })).toThrow(
      new RangeError(`wasm: threads is ${threads}; expected a whole number from 1 on.`),
    );
  });

  it("that cannot start are said once, and one thread does it all", () => {
    replaceWorker(NoWorker);
    const session = wasm({ threads: 3, fallback: false }).open(layout, "float64");
    session.view("p", "a").fill(1);
    session.load(large).run(none);
    session.load(large).run(none);
    expect(session.read("p", "y").every((x) => x === n)).toBe(true);
    expect(session.notes).toEqual(["Not all threads could start (ERR_WORKER_INIT_FAILED), so fewer run."]);
    session.dispose();
  });

  it("that fail once they have started are said too", async () => {
    replaceWorker(
      class extends workerThreads.Worker {
        constructor() {
          super('throw new Error("no such instruction")', { eval: true });
        }
      },
    );
    const session = wasm({ threads: 3, fallback: false }).open(layout, "float64");
    session.view("p", "a").fill(1);
    session.load(large).run(none);
    expect(session.read("p", "y").every((x) => x === n)).toBe(true);
    await vi.waitFor(() => expect(session.notes).toHaveLength(1));
    expect(session.notes[0]).toMatch(/no such instruction/);
    session.dispose();
  });

  it("are not asked for where threads are not to be had, which is said of large programs only", () => {
    const { SharedArrayBuffer } = globalThis;
    vi.stubGlobal("SharedArrayBuffer", undefined);
    try {
      const session = wasm({ threads: 4, fallback: false }).open(layout, "float32");
      session.load(small);
      expect(session.notes).toEqual([]);
      session.load(large);
      session.load(large);
      expect(session.notes).toHaveLength(1);
      expect(session.notes[0]).toMatch(/^One thread runs instead of 4: .*cross-origin isolated/);
    } finally {
      vi.stubGlobal("SharedArrayBuffer", SharedArrayBuffer);
    }
  });

  it("are none where memory cannot be shared, which is said", () => {
    const { Memory } = WebAssembly;
    WebAssembly.Memory = class extends Memory {
      constructor(options: WebAssembly.MemoryDescriptor) {
        if (options.shared) throw new RangeError("could not allocate memory");
        super(options);
      }
    };
    try {
      const session = wasm({ threads: 2, fallback: false }).open(layout, "float32");
      session.view("p", "a").fill(1);
      session.load(large).run(none);
      expect(session.read("p", "y").every((x) => x === n)).toBe(true);
      expect(session.notes).toEqual(["One thread runs instead of 2: no memory to share is to be had."]);
    } finally {
      WebAssembly.Memory = Memory;
    }
  });

  it.each(["es", "cjs"] as const)(
    "need no file beside a minified bundle (%s), and keep no process alive",
    async (format) => {
      const root = await mkdtemp(join(tmpdir(), "downhill-threads-"));
      try {
        const file = `child.${format === "es" ? "mjs" : "cjs"}`;
        await build({
          configFile: false,
          logLevel: "error",
          resolve: { conditions: ["@downhill/source"] },
          ssr: { noExternal: true, resolve: { conditions: ["@downhill/source"] } },
          build: {
            ssr: fileURLToPath(new URL("./child.fixture.ts", import.meta.url)),
            outDir: root,
            emptyOutDir: false,
            minify: true,
            rollupOptions: { output: { format, entryFileNames: file } },
          },
        });
        const { stdout } = await promisify(execFile)(process.execPath, [join(root, file)], {
          timeout: 20_000,
        });
        expect(JSON.parse(stdout)).toEqual({ right: true, notes: [] });
      } finally {
        await rm(root, { recursive: true, force: true });
      }
    },
    60_000,
  );
});
