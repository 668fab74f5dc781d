import { evaluateHost, type Plan } from "@downhill/core/engine";
import type { HostWords } from "./shader.js";

/** The host's values of a run as words for the device: float32, and whole numbers of 53 bits for keys. */
export class HostValues implements HostWords {
  readonly words: Uint32Array<ArrayBuffer>;
  readonly #plan: Plan;
  readonly #values: Float64Array;
  readonly #floats: Float32Array;
  readonly #keys: readonly number[];

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#keys = keysOf(plan);
    const count = plan.host.length + 2 * this.#keys.length;
    this.words = new Uint32Array(4 * Math.max(1, Math.ceil(count / 4)));
    this.#floats = new Float32Array(this.words.buffer);
    this.#values = new Float64Array(plan.host.length);
  }

  get count(): number {
    return this.words.length;
  }

  value(index: number): number {
    return index;
  }

  key(index: number): number {
    return this.#plan.host.length + 2 * this.#keys.indexOf(index);
  }

  /** Computes the values for a run. */
  update(given: Float64Array): void {
    evaluateHost(this.#plan, given, this.#values);
    this.#floats.set(this.#values);
    this.#keys.forEach((index, i) => {
      const key = this.#values[index]!;
      const at = this.#plan.host.length + 2 * i;
      this.words[at] = key >>> 0;
      this.words[at + 1] = Math.floor(key / 2 ** 32);
    });
  }
}

/** The host's values that may be keys of random numbers. */
function keysOf({ steps }: Plan): number[] {
  const hosts = new Set<number>();
  let draws = false;
  for (const step of steps) {
    const instructions =
      step.kind === "loops"
        ? step.segments.flatMap(({ body }) => body)
        : step.kind === "scalars"
          ? step.body.map(({ instruction }) => instruction)
          : [];
    for (const x of instructions) {
      if (x.op === "host") hosts.add(x.index);
      draws ||= x.op === "uniform";
    }
  }
  return draws ? [...hosts] : [];
}
