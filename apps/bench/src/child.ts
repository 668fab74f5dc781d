import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { GpuCounts, Request } from "./participant.js";
import type { Spec } from "./spec.js";

/** A participant in a process of its own, so that no compiler or heap of one disturbs another. */
export class Child {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(name: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.name = name;
    this.#process = spawn(command, args, {
      stdio: ["pipe", "pipe", "ignore"],
      env: { ...process.env, OMP_NUM_THREADS: "1", MKL_NUM_THREADS: "1", ...env },
    });
    this.#lines = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  /** Whether it can do it; a line of text where it failed. */
  async prepare(spec: Spec): Promise<{ ready: boolean; ms?: number; error?: string }> {
    return this.#ask({ ask: "prepare", spec });
  }

  /** Milliseconds that so many runs take. */
  async run(times: number): Promise<number> {
    return (await this.#ask<{ ms: number }>({ ask: "run", times })).ms;
  }

  /** Bytes by which its JavaScript heap grows in so many runs. */
  async heap(times: number): Promise<number> {
    return (await this.#ask<{ bytes: number }>({ ask: "heap", times })).bytes;
  }

  async result(): Promise<number[] | undefined> {
    return (await this.#ask<{ result?: number[] }>({ ask: "result" })).result;
  }

  /** What one run asks of a GPU, where it runs on one. */
  async counts(): Promise<GpuCounts | undefined> {
    return (await this.#ask<{ counts?: GpuCounts }>({ ask: "count" })).counts;
  }

  end(): void {
    this.#process.stdin!.end();
  }

  async #ask<T>(request: Request): Promise<T> {
    this.#process.stdin!.write(`${JSON.stringify(request)}\n`);
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(`${this.name} ended before it answered.`);
      // Libraries may greet on stdout.
      if (value.startsWith("{")) return JSON.parse(value) as T;
    }
  }
}

const script = (name: string) => fileURLToPath(new URL(`./participants/${name}.js`, import.meta.url));
const python = process.env.PYTHON ?? "python3";
const hasTorch = () => spawnSync(python, ["-c", "import torch"], { stdio: "ignore" }).status === 0;
const torch = fileURLToPath(new URL("../src/participants/torch_peer.py", import.meta.url));

/**
 * tfjs on Dawn, on the driver that Vulkan's own variable names; without one on SwiftShader, if Debian's Chromium has
 * brought it, or else on what the machine has.
 */
export function onWebGpu(name: string, ...args: string[]): Child {
  const swiftShader = "/usr/lib/chromium/vk_swiftshader_icd.json";
  const software = process.env.VK_DRIVER_FILES === undefined && existsSync(swiftShader);
  const env = software ? { VK_DRIVER_FILES: swiftShader, LD_LIBRARY_PATH: dirname(swiftShader) } : {};
  return new Child(name, process.execPath, [script("tfjs-webgpu"), ...args], env);
}

/**
 * All that can be started here. The first three are ours, `wasm-2` on two threads, and so are the drop-ins, tfjs with our
 * optimizer in it. `copy`, `read` and `peak` are no libraries but what the machine can do at best.
 */
export const participants: Readonly<Record<string, () => Child | undefined>> = {
  wasm: () => new Child("wasm", process.execPath, [script("downhill"), "wasm"]),
  "wasm-2": () => new Child("wasm-2", process.execPath, [script("downhill"), "wasm", "2"]),
  js: () => new Child("js", process.execPath, [script("downhill"), "js"]),
  loop: () => new Child("loop", process.execPath, [script("loop")]),
  "tfjs-wasm": () => new Child("tfjs-wasm", process.execPath, [script("tfjs"), "wasm"]),
  "tfjs-cpu": () => new Child("tfjs-cpu", process.execPath, [script("tfjs"), "cpu"]),
  "drop-in-wasm": () => new Child("drop-in-wasm", process.execPath, [script("tfjs"), "wasm", "drop-in"]),
  "drop-in-cpu": () => new Child("drop-in-cpu", process.execPath, [script("tfjs"), "cpu", "drop-in"]),
  "tfjs-webgpu": () => onWebGpu("tfjs-webgpu"),
  "drop-in-webgpu": () => onWebGpu("drop-in-webgpu", "drop-in"),
  copy: () => new Child("copy", process.execPath, [script("machine"), "copy"]),
  read: () => new Child("read", process.execPath, [script("machine"), "read"]),
  peak: () => new Child("peak", process.execPath, [script("machine"), "peak"]),
  "jax-js": () => new Child("jax-js", process.execPath, [script("jax")]),
  torch: () => (hasTorch() ? new Child("torch", python, [torch, "foreach"]) : undefined),
  "torch-fused": () => (hasTorch() ? new Child("torch-fused", python, [torch, "fused"]) : undefined),
};
