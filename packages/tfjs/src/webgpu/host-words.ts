import { evaluateHost, type Plan } from "@downhill/core/engine";

/** The host's values of a run as words for the device: float32, and whole numbers of 53 bits for keys. */
export class HostWords {
  readonly #plan: Plan;
  readonly #values: Float64Array;
  /** Values that are keys of random numbers. */
  readonly #keys: number[] = [];
  #words: Uint32Array<ArrayBuffer> | undefined;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#values = new Float64Array(plan.host.length);
  }

  /** Where a value's bits are. */
  value(index: number): number {
    return index;
  }

  /** Where the two words of a key are, the lower one first. */
  key(index: number): number {
    if (!this.#keys.includes(index)) this.#keys.push(index);
    return this.#values.length + 2 * this.#keys.indexOf(index);
  }

  /** Number of words, in whole vectors, once the code of all kernels has asked for its keys. */
  get count(): number {
    return 4 * Math.ceil((this.#values.length + 2 * this.#keys.length) / 4);
  }

  /** Computes the values for a run. */
  words(given: Float64Array): Uint32Array<ArrayBuffer> {
    evaluateHost(this.#plan, given, this.#values);
    this.#words ??= new Uint32Array(this.count);
    const words = this.#words;
    new Float32Array(words.buffer).set(this.#values);
    for (const index of this.#keys) {
      const key = this.#values[index]!;
      words.set([key, key / 2 ** 32], this.key(index));
    }
    return words;
  }
}
