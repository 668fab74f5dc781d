import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Request } from "./participant.js";
import type { Spec } from "./spec.js";

/** A participant in a process of its own, so that no compiler or heap of one disturbs another. */
export class Child {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(name: string, command: string, args: readonly string[]) {
    this.name = name;
    this.#process = spawn(command, args, {
      stdio: ["pipe", "pipe", "ignore"],
      env: { ...process.env, OMP_NUM_THREADS: "1", MKL_NUM_THREADS: "1" },
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

  async result(): Promise<number[]> {
    return (await this.#ask<{ result: number[] }>({ ask: "result" })).result;
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

/** All that can be started here; the first two are ours. */
export const participants: Readonly<Record<string, () => Child | undefined>> = {
  wasm: () => new Child("wasm", process.execPath, [script("downhill"), "wasm"]),
  js: () => new Child("js", process.execPath, [script("downhill"), "js"]),
  loop: () => new Child("loop", process.execPath, [script("loop")]),
  "tfjs-wasm": () => new Child("tfjs-wasm", process.execPath, [script("tfjs"), "wasm"]),
  "tfjs-cpu": () => new Child("tfjs-cpu", process.execPath, [script("tfjs"), "cpu"]),
  "jax-js": () => new Child("jax-js", process.execPath, [script("jax")]),
  torch: () => (hasTorch() ? new Child("torch", python, [torch, "foreach"]) : undefined),
  "torch-fused": () => (hasTorch() ? new Child("torch-fused", python, [torch, "fused"]) : undefined),
};
