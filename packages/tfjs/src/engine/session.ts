import {
  type DType,
  type Floats,
  type Kernel,
  type Layout,
  type Program,
  type Session,
  slotKey,
} from "@downhill/core";
import * as tf from "@tensorflow/tfjs-core";
import { prepareUpdate } from "../update/paths.js";
import { tracedUpdate } from "../update/traced-update.js";
import type { PreparedUpdate } from "../update/update-path.js";
import { wholeWrites } from "./whole-writes.js";

/** Memory of tfjs variables, one for each slot, and programs as updates of them. */
export class TfjsSession implements Session<"async"> {
  readonly layout: Layout;
  readonly dtype: DType = "float32";
  readonly notes: string[] = [];
  readonly view = undefined;
  readonly #backendName: string;
  readonly #backend: tf.KernelBackend;
  readonly #variables = new Map<string, tf.Variable>();
  readonly #kernels: PreparedUpdate[] = [];

  constructor(layout: Layout, backendName: string) {
    this.layout = layout;
    this.#backendName = backendName;
    this.#backend = tf.engine().backend;
    tf.tidy(() => {
      for (const [arena, name, shape] of slotsOf(layout)) {
        this.#variables.set(slotKey(arena, name), tf.variable(tf.zeros([...shape]), false));
      }
    });
  }

  async load(program: Program): Promise<Kernel<"async">> {
    this.#check();
    const update = prepareUpdate(
      tracedUpdate(wholeWrites(program, this.layout), this.layout),
      this.#backendName,
      this.#backend,
      (why) => this.#say(`Plain ops of tfjs run this: ${why}.`),
    );
    this.#kernels.push(update);
    return {
      run: async (scalars) => {
        this.#check();
        update.run(this.#variables, scalars);
      },
    };
  }

  async read(arena: string, name?: string): Promise<Floats> {
    this.#check();
    const slots = this.#slots(arena, name).filter(({ size }) => size > 0);
    if (slots.length === 0) return new Float32Array(0);
    // One reading of the device, however many slots there are.
    const whole = tf.tidy(() => tf.concat(slots.map((slot) => tf.reshape(slot, [slot.size]))));
    try {
      return Float32Array.from(await whole.data<"float32">());
    } finally {
      whole.dispose();
    }
  }

  write(arena: string, name: string | undefined, values: ArrayLike<number>): void {
    this.#check();
    const floats = Float32Array.from(values);
    let offset = 0;
    for (const variable of this.#slots(arena, name)) {
      const part = floats.subarray(offset, offset + variable.size);
      offset += variable.size;
      if (part.length === 0) continue;
      tf.tidy(() => {
        const given = tf.tensor(part.slice(), [part.length], "float32");
        const rest = tf.slice(tf.reshape(variable, [variable.size]), part.length);
        const flat = part.length < variable.size ? tf.concat([given, rest]) : given;
        variable.assign(tf.reshape(flat, variable.shape));
      });
    }
  }

  dispose(): void {
    for (const kernel of this.#kernels.splice(0)) kernel.dispose();
    for (const variable of this.#variables.values()) variable.dispose();
    this.#variables.clear();
  }

  #slots(arena: string, name?: string): tf.Variable[] {
    const slots = slotsOf(this.layout);
    const found = slots.filter(([a, n]) => a === arena && (name === undefined || n === name));
    if (found.length > 0 || (name === undefined && arena in this.layout)) {
      return found.map(([a, n]) => this.#variables.get(slotKey(a, n))!);
    }
    const asked = name === undefined ? arena : slotKey(arena, name);
    throw new Error(
      `There is no slot "${asked}" in this session's memory; ` +
        `it has ${slots.map(([a, n]) => slotKey(a, n)).join(", ")}.`,
    );
  }

  #say(note: string): void {
    if (!this.notes.includes(note)) this.notes.push(note);
  }

  #check(): void {
    const used = tf.getBackend();
    if (used === this.#backendName) return;
    throw new Error(
      `tfjs: this session's memory is on backend "${this.#backendName}", but TensorFlow.js uses "${used}" now. ` +
        `Call await tf.setBackend("${this.#backendName}") before going on.`,
    );
  }
}

function slotsOf(layout: Layout): (readonly [arena: string, name: string, shape: readonly number[]])[] {
  return Object.entries(layout).flatMap(([arena, slots]) =>
    Object.entries(slots).map(([name, shape]) => [arena, name, shape] as const),
  );
}
