import { sizeOf, slotKey, type Tensor } from "@downhill/core";
import { lower } from "@downhill/core/engine";
import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import { engine, env, type KernelBackend, type TensorInfo, type Variable } from "@tensorflow/tfjs-core";
import { type Draw, elementDraw, mayPack, packedDraw, reductionDraws, scatterDraw } from "../webgl/draw.js";
import { type Graph, graphOf } from "../webgl/graph.js";
import { hostEvaluator } from "../webgl/host.js";
import { Run } from "../webgl/run.js";
import { counted, sameForAll } from "./report.js";
import type { PreparedUpdate, SlotTensors, TracedUpdate, UpdatePath } from "./update-path.js";

/**
 * Draws of our own in tfjs's context: one for each tensor that is written, and for what a reduction ends. Numbers of the
 * host are uniforms. Tensors of one shape are read and written packed, as tfjs's own kernels leave them; matrix products
 * are tfjs's.
 */
export const webglPath: UpdatePath = {
  name: "webgl",
  prepare(update, backend) {
    if (env().getNumber("WEBGL_VERSION") < 2) {
      return { refused: "WebGL 1 has no whole numbers of 32 bits, which our shaders need" };
    }
    return new WebGlUpdate(update, backend);
  },
};

/** How a value gets its texture. */
type Work =
  | { readonly kind: "draw"; readonly node: Tensor; readonly first: Draw; readonly second?: Draw }
  | { readonly kind: "product"; readonly node: Tensor }
  /** The texture of a slot, or of numbers of the program. */
  | { readonly kind: "given"; readonly node: Tensor };

class WebGlUpdate implements PreparedUpdate {
  readonly report: PreparedUpdate["report"];
  readonly #backend: MathBackendWebGL;
  readonly #kernelBackend: KernelBackend;
  readonly #graph: Graph;
  readonly #work: readonly Work[];
  readonly #hostValues: ReturnType<typeof hostEvaluator>;
  /** Numbers of the program. */
  readonly #data = new Map<Tensor, TensorInfo>();

  constructor(update: TracedUpdate, backend: KernelBackend) {
    this.#backend = backend as MathBackendWebGL;
    this.#kernelBackend = backend;
    const { writes } = lower(update.program);
    const results = writes.map(({ arena, name, value }) => ({ slot: slotKey(arena, name), value }));
    const graph = graphOf(results);
    this.#graph = graph;
    this.#hostValues = hostEvaluator(graph, update.program.hostScalars);
    for (const node of graph.order) {
      if (node.op !== "data") continue;
      const values = Float32Array.from(node.attributes.values as Float64Array);
      this.#data.set(node, this.#backend.makeTensorInfo([...node.shape], "float32", values));
    }
    const slotShape = (leaf: Tensor) =>
      update.layout[leaf.attributes.arena as string]![leaf.attributes.name as string]!;
    this.#work = workOf(graph, slotShape);
    const draws = this.#work.reduce(
      (sum, work) => sum + (work.kind === "draw" ? (work.second ? 2 : 1) : 0),
      0,
    );
    this.report = sameForAll(update, {
      path: "webgl",
      why: `${counted(results.length, "tensor")} by ${counted(draws, "draw")}`,
    });
  }

  run(tensors: SlotTensors, hostScalars: Float64Array): void {
    const backend = this.#backend;
    const run = new Run(backend, tensors, this.#data, this.#hostValues(hostScalars));
    try {
      for (const work of this.#work) {
        if (work.kind === "draw") run.draw(work.node, work.first, work.second);
        else if (work.kind === "product") run.multiply(work.node);
      }
      const next = this.#graph.results.map(({ slot, value }) => {
        const { dataId } = run.textureOf(value);
        const variable = tensors.get(slot) as Variable;
        backend.incRef(dataId);
        const info = { dataId, shape: variable.shape, dtype: "float32" as const };
        return { variable, tensor: engine().makeTensorFromTensorInfo(info, this.#kernelBackend) };
      });
      for (const { variable, tensor } of next) {
        variable.assign(tensor);
        tensor.dispose();
      }
    } finally {
      run.end();
    }
  }

  dispose(): void {
    for (const { dataId } of this.#data.values()) this.#backend.disposeData(dataId);
  }
}

/** What to draw, in order, and in which format. */
function workOf(graph: Graph, slotShape: (leaf: Tensor) => readonly number[]): Work[] {
  const made = graph.order.filter((node) => graph.made.has(node));
  const packed = new Set<Tensor>();
  const isPacked = (source: Tensor) =>
    packed.has(source) ||
    source.op === "matmul" ||
    (source.op === "leaf" && String(slotShape(source)) === String(source.shape));
  for (const node of made) {
    if (node.op !== "leaf" && node.op !== "data" && mayPack(node, graph, isPacked)) packed.add(node);
  }
  const packedDraws = new Map([...packed].map((node) => [node, packedDraw(node, graph)]));
  /** Single numbers that packed draws read. */
  const packedNumbers = new Set([...packedDraws.values()].flatMap(({ inputs }) => inputs));
  return made.map((node): Work => {
    const given = node.op === "leaf" ? sizeOf(slotShape(node)) === sizeOf(node.shape) : node.op === "data";
    if (given) return { kind: "given", node };
    if (node.op === "matmul") return { kind: "product", node };
    const draw = packedDraws.get(node);
    if (draw) return { kind: "draw", node, first: draw };
    const one = sizeOf(node.shape) === 1 && packedNumbers.has(node);
    if (["sum", "prod", "max", "min"].includes(node.op)) {
      return { kind: "draw", node, ...reductionDraws(node, graph, one) };
    }
    const first = node.op === "scatterAdd" ? scatterDraw(node, graph) : elementDraw(node, graph, one);
    return { kind: "draw", node, first };
  });
}
