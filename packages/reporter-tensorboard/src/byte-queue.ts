/** Bytes that wait to be written: one piece of memory that grows as it must. */
export class ByteQueue {
  #data = new Uint8Array(1 << 12);
  #view = new DataView(this.#data.buffer);
  #size = 0;

  get size(): number {
    return this.#size;
  }
  /** The memory, for what `reserve` made room for; another one after the next call of it. */
  get data(): Uint8Array<ArrayBuffer> {
    return this.#data;
  }
  get view(): DataView {
    return this.#view;
  }

  /** Makes room for so many bytes at the end; returns where they begin. */
  reserve(length: number): number {
    const from = this.#size;
    this.#size += length;
    if (this.#size > this.#data.length) {
      const data = new Uint8Array(2 * this.#size);
      data.set(this.#data.subarray(0, from));
      this.#data = data;
      this.#view = new DataView(data.buffer);
    }
    return from;
  }

  add(bytes: Uint8Array): void {
    const at = this.reserve(bytes.length);
    this.#data.set(bytes, at);
  }

  /** All of them, in memory of their own; none is left. */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = this.#data.slice(0, this.#size);
    this.#size = 0;
    return bytes;
  }
}
