import { sizeOf, type Tensor } from "@downhill/core";
import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import { getKernel, type TensorInfo } from "@tensorflow/tfjs-core";
import type { SlotTensors } from "../update/update-path.js";
import type { Draw } from "./draw.js";
import { isSwapped, slotOf } from "./graph.js";

/** The textures of one run. */
export class Run {
  readonly #backend: MathBackendWebGL;
  readonly #slots: SlotTensors;
  readonly #data: ReadonlyMap<Tensor, TensorInfo>;
  readonly #hostValue: (node: Tensor) => number;
  readonly #made = new Map<Tensor, TensorInfo>();
  /** Textures with a number in each texel of those that are packed. */
  readonly #flat = new Map<object, TensorInfo>();

  constructor(
    backend: MathBackendWebGL,
    slots: SlotTensors,
    data: ReadonlyMap<Tensor, TensorInfo>,
    hostValue: (node: Tensor) => number,
  ) {
    this.#backend = backend;
    this.#slots = slots;
    this.#data = data;
    this.#hostValue = hostValue;
  }

  /** What has a value's numbers. */
  textureOf(node: Tensor): TensorInfo {
    return this.#made.get(node) ?? this.#data.get(node) ?? this.#slots.get(slotOf(node))!;
  }

  draw(node: Tensor, first: Draw, second?: Draw): void {
    let texture = this.#run(first);
    if (second) {
      // The second reads the first's shares under the name of what both make.
      const shares = texture;
      texture = this.#run(second, shares);
      this.#backend.disposeIntermediateTensorInfo(shares);
    }
    this.#made.set(node, texture);
  }

  #run({ program, inputs, numbers, format }: Draw, shares?: TensorInfo): TensorInfo {
    const textures = inputs.map((input) => {
      const info = shares ?? this.textureOf(input);
      if (format === "flat") return this.#flatOf(info);
      return sizeOf(input.shape) === 1 ? { ...info, shape: [] } : { ...info, shape: [...input.shape] };
    });
    const values = numbers.length > 0 ? [numbers.map((number) => number(this.#hostValue))] : undefined;
    return this.#backend.runWebGLProgram(program, textures, "float32", values, true);
  }

  /** One number after another: where a texture is packed, a copy. */
  #flatOf(info: TensorInfo): TensorInfo {
    const { isPacked, shape, texture } = this.#backend.getDataInfo(info.dataId);
    const flat = (dataId: object, from: readonly number[]) => ({
      dataId,
      shape: [sizeOf(from)],
      dtype: "float32" as const,
    });
    if (texture == null || !isPacked) return flat(info.dataId, info.shape);
    const known =
      this.#flat.get(info.dataId) ?? this.#backend.unpackTensor({ ...info, shape, dtype: "float32" });
    this.#flat.set(info.dataId, known);
    return flat(known.dataId, shape);
  }

  /** A matrix product by tfjs's kernel, which needs some elements. */
  multiply(node: Tensor): void {
    if (node.inputs.some(({ shape }) => sizeOf(shape) === 0)) {
      const zeros = new Float32Array(sizeOf(node.shape));
      this.#made.set(node, this.#backend.makeTensorInfo([...node.shape], "float32", zeros));
      return;
    }
    const [a, b] = node.inputs.map((input) => {
      const transposed = isSwapped(input) && !this.#made.has(input);
      const source = transposed ? input.inputs[0]! : input;
      const [rows, columns] = source.shape.slice(-2) as [number, number];
      const batch = sizeOf(source.shape.slice(0, -2));
      const { dataId } = this.textureOf(source);
      return { transposed, info: { dataId, shape: [batch, rows, columns], dtype: "float32" as const } };
    });
    const product = getKernel("BatchMatMul", "webgl").kernelFunc({
      inputs: { a: a!.info, b: b!.info },
      backend: this.#backend,
      attrs: { transposeA: a!.transposed, transposeB: b!.transposed },
    });
    this.#made.set(node, product as TensorInfo);
  }

  /** Lets go of all textures of the run's own. */
  end(): void {
    for (const info of [...this.#made.values(), ...this.#flat.values()]) {
      this.#backend.disposeIntermediateTensorInfo(info);
    }
  }
}
