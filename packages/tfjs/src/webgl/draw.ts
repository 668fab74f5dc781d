import { sizeOf, type Tensor } from "@downhill/core";
import { operators } from "@downhill/core/engine";
import type { GPGPUProgram } from "@tensorflow/tfjs-backend-webgl";
import { glsl, packedGlsl } from "../shader/glsl.js";
import { coordinates, Emitter, type Sources, stridesOf } from "./emit.js";
import type { Graph } from "./graph.js";

/** How a texture holds a tensor: a number in each texel, or four, as tfjs packs them. */
export type Format = "flat" | "packed";

/** One draw: a value from textures and numbers of the host. */
export interface Draw {
  readonly program: GPGPUProgram;
  /** Values whose textures it reads, in the program's order. */
  readonly inputs: readonly Tensor[];
  readonly format: Format;
  /** Numbers of the host, in the program's order. */
  readonly numbers: readonly ((valueOf: (node: Tensor) => number) => number)[];
}

/** What a draw's code asks for, in the order in which it does. */
class Collected implements Sources {
  readonly inputs: Tensor[] = [];
  readonly numbers: ((valueOf: (node: Tensor) => number) => number)[] = [];
  readonly #graph: Graph;
  readonly #read: (name: string, node: Tensor, index: string) => string;
  readonly #spread: (number: string) => string;
  readonly #hosts = new Map<string, string>();

  constructor(
    graph: Graph,
    read: (name: string, node: Tensor, index: string) => string,
    spread: (number: string) => string = (number) => number,
  ) {
    this.#graph = graph;
    this.#read = read;
    this.#spread = spread;
  }

  isHost(node: Tensor): boolean {
    return this.#graph.onHost.has(node);
  }

  isTexture(node: Tensor): boolean {
    return node.op === "leaf" || node.op === "data" || this.#graph.made.has(node);
  }

  texture(node: Tensor, index: string): string {
    if (!this.inputs.includes(node)) this.inputs.push(node);
    return this.#read(`T${this.inputs.indexOf(node)}`, node, index);
  }

  host(node: Tensor): string {
    return this.#spread(this.#number(node, "", (value) => value));
  }

  key(node: Tensor, text: string): readonly [string, string] {
    if (!this.isHost(node)) return [`d_keyLow(${text})`, `d_keyHigh(${text})`];
    // Words of 16 bits are exact in float32, whole keys are not.
    const [a, b, c, d] = [0, 16, 32, 48].map((bit) =>
      this.#number(node, ` from bit ${bit}`, (key) => Math.floor(key / 2 ** bit) % 65536),
    );
    const word = (low: string, high: string) => `(uint(${low}) | (uint(${high}) << 16u))`;
    return [word(a!, b!), word(c!, d!)];
  }

  #number(node: Tensor, part: string, of: (value: number) => number): string {
    const key = `${this.#idOf(node)}${part}`;
    let name = this.#hosts.get(key);
    if (name === undefined) {
      name = `hostNumbers[${this.numbers.length}]`;
      this.numbers.push((valueOf) => of(valueOf(node)));
      this.#hosts.set(key, name);
    }
    return name;
  }

  readonly #nodes: Tensor[] = [];
  #idOf(node: Tensor): number {
    if (!this.#nodes.includes(node)) this.#nodes.push(node);
    return this.#nodes.indexOf(node);
  }
}

function drawOf(
  collected: Collected,
  code: string,
  outputShape: readonly number[],
  packed: { readonly inputs: boolean; readonly output: boolean },
): Draw {
  const { inputs, numbers } = collected;
  const dialect = packed.inputs ? packedGlsl : glsl;
  const program: GPGPUProgram = {
    variableNames: inputs.map((_, i) => `T${i}`),
    outputShape: [...outputShape],
    userCode: `${dialect.preamble(code)}void main() {\n${code}\n}\n`,
    packedInputs: packed.inputs,
    packedOutput: packed.output,
    ...(numbers.length > 0 && {
      customUniforms: [{ name: "hostNumbers", arrayIndex: numbers.length, type: "float" as const }],
    }),
  };
  return { program, inputs, numbers, format: packed.inputs ? "packed" : "flat" };
}

const flatRead = (name: string, node: Tensor, index: string) =>
  `get${name}(${node.op === "leaf" || sizeOf(node.shape) > 1 ? index : "0"})`;

/** A value, one number after another. A single number may be packed, for draws that read it so. */
export function elementDraw(node: Tensor, graph: Graph, packedOutput: boolean): Draw {
  const collected = new Collected(graph, flatRead);
  const emitter = new Emitter(glsl, "float", collected);
  const value = emitter.root(node, "i").text;
  const set = packedOutput ? `setOutput(vec4(${value}, 0.0, 0.0, 0.0));` : `setOutput(${value});`;
  const code = [packedOutput ? "int i = 0;" : "int i = getOutputCoords();", ...emitter.lines, set].join("\n");
  return drawOf(collected, code, packedOutput ? [] : [sizeOf(node.shape)], {
    inputs: false,
    output: packedOutput,
  });
}

/**
 * Whether a value is made, element by element, of tensors of its own shape and of single numbers, so that four of its
 * elements can be computed at once as tfjs packs them.
 */
export function mayPack(node: Tensor, graph: Graph, isPacked: (source: Tensor) => boolean): boolean {
  const isOne = (x: Tensor) => sizeOf(x.shape) === 1;
  const fits = (x: Tensor): boolean => {
    if (graph.onHost.has(x)) return true;
    if (x !== node && (x.op === "leaf" || x.op === "data" || graph.made.has(x))) {
      return isOne(x) || (String(x.shape) === String(node.shape) && isPacked(x));
    }
    if (x.op === "broadcastTo" || x.op === "reshape") return isOne(x.inputs[0]!) && fits(x.inputs[0]!);
    return operators[x.op].scalar !== undefined && x.inputs.every(fits);
  };
  return node.shape.length <= 6 && fits(node);
}

/** A value for which `mayPack` holds, four numbers at a time. */
export function packedDraw(node: Tensor, graph: Graph): Draw {
  const read = (name: string, source: Tensor) =>
    sizeOf(source.shape) === 1 ? `vec4(get${name}().x)` : `get${name}AtOutCoords()`;
  const collected = new Collected(graph, read, (number) => `vec4(${number})`);
  const emitter = new Emitter(packedGlsl, "vec4", collected);
  const value = emitter.root(node, "i").text;
  const code = [
    ...emitter.lines,
    `vec4 result = ${value};`,
    ...clearedLanes(node.shape),
    "setOutput(result);",
  ].join("\n");
  return drawOf(collected, code, node.shape, { inputs: true, output: true });
}

/** Lanes beyond the last row and column are 0, as tfjs's products expect. */
function clearedLanes(shape: readonly number[]): string[] {
  const rank = shape.length;
  if (rank === 0) return ["result.yzw = vec3(0.0);"];
  const last = shape[rank - 1]!;
  const coordinate = (axis: number) => (rank === 1 ? "rc" : `rc.${"xyzwuv"[axis]}`);
  const type = rank === 1 ? "int" : rank <= 4 ? `ivec${rank}` : `ivec${rank}`;
  const column = last % 2 === 1 ? [`if (${coordinate(rank - 1)} + 1 >= ${last}) result.yw = vec2(0.0);`] : [];
  const rows = shape[rank - 2] ?? 1;
  const row =
    rank === 1
      ? ["result.zw = vec2(0.0);"]
      : rows % 2 === 1
        ? [`if (${coordinate(rank - 2)} + 1 >= ${rows}) result.zw = vec2(0.0);`]
        : [];
  return column.length + row.length === 0 ? [] : [`${type} rc = getOutputCoords();`, ...column, ...row];
}

type Combination = "sum" | "prod" | "max" | "min";
const identities: Record<Combination, number> = {
  sum: 0,
  prod: 1,
  max: Number.NEGATIVE_INFINITY,
  min: Number.POSITIVE_INFINITY,
};

function combine(by: Combination, a: string, b: string): string {
  if (by === "sum") return `${a} + ${b}`;
  if (by === "prod") return `${a} * ${b}`;
  return `d_${by === "max" ? "maximum" : "minimum"}(${a}, ${b})`;
}

/** So many numbers are added one by one before their sum is: what rounding takes does not grow with their number. */
const BLOCK = 32;

/** A loop from `begin` to `end` that combines `value`, which `lines` compute for \`r\`, into \`total\`. */
function accumulate(
  by: Combination,
  begin: string,
  end: string,
  lines: readonly string[],
  value: string,
): string[] {
  const zero = glsl.literal(identities[by]);
  return [
    `float total = ${zero};`,
    `for (int block = ${begin}; block < ${end}; block += ${BLOCK}) {`,
    `float part = ${zero};`,
    `for (int r = block; r < min(${end}, block + ${BLOCK}); r++) {`,
    ...lines,
    `part = ${combine(by, "part", value)};`,
    "}",
    `total = ${combine(by, "total", "part")};`,
    "}",
  ];
}

/** A reduction, in one draw or, of many numbers to few, in two: the second combines shares of the first. */
export function reductionDraws(
  node: Tensor,
  graph: Graph,
  packedOutput: boolean,
): { readonly first: Draw; readonly second?: Draw } {
  const [x] = node.inputs as [Tensor];
  const by = node.op as Combination;
  const axes = node.attributes.axes as readonly number[];
  const strides = stridesOf(x.shape);
  const axesOf = (lost: boolean) =>
    x.shape.map((_, axis) => axis).filter((axis) => axes.includes(axis) === lost);
  const lengthsOf = (list: readonly number[]) => list.map((axis) => x.shape[axis]!);
  const [kept, lost] = [axesOf(false), axesOf(true)];
  const [size, count] = [sizeOf(lengthsOf(kept)), sizeOf(lengthsOf(lost))];
  const share = count <= 256 || size >= 4096 ? count : Math.ceil(Math.sqrt(count));
  const shares = Math.ceil(count / Math.max(1, share));

  const collected = new Collected(graph, flatRead);
  const inner = new Emitter(glsl, "float", collected);
  const term = (flat: string, list: readonly number[]) =>
    coordinates(flat, lengthsOf(list)).map((place, i) => `${place} * ${strides[list[i]!]}`);
  const place = [...term("k", kept), ...term("r", lost)].join(" + ") || "0";
  inner.lines.push(`int i = ${place};`);
  const value = count === 0 ? "0.0" : inner.value(x, "i").text;
  const set = (packed: boolean) => (packed ? "setOutput(vec4(total, 0.0, 0.0, 0.0));" : "setOutput(total);");
  const whole = shares <= 1;
  const [begin, end] = whole ? ["0", `${count}`] : ["begin", `min(${count}, begin + ${share})`];
  const packedHere = whole && packedOutput;
  const code = [
    packedHere ? "int o = 0;" : "int o = getOutputCoords();",
    whole ? "int k = o;" : `int k = o / ${shares};\nint begin = (o % ${shares}) * ${share};`,
    ...accumulate(by, begin, end, inner.lines, value),
    set(packedHere),
  ].join("\n");
  const first = drawOf(collected, code, packedHere ? [] : [size * Math.max(1, shares)], {
    inputs: false,
    output: packedHere,
  });
  if (whole) return { first };
  const rest = new Collected(graph, (name) => `get${name}(o * ${shares} + r)`);
  const read = rest.texture(node, "");
  const second = [
    packedOutput ? "int o = 0;" : "int o = getOutputCoords();",
    ...accumulate(by, "0", `${shares}`, [`float v = ${read};`], "v"),
    set(packedOutput),
  ].join("\n");
  return {
    first,
    second: drawOf(rest, second, packedOutput ? [] : [size], { inputs: false, output: packedOutput }),
  };
}

/** Each element of the result looks through all indices: a texture is written by place, not by number. */
export function scatterDraw(node: Tensor, graph: Graph): Draw {
  const [source, indices] = node.inputs as [Tensor, Tensor];
  const { axis, length } = node.attributes as { axis: number; length: number };
  const after = sizeOf(node.shape.slice(axis + 1));
  const count = sizeOf(indices.shape);
  const collected = new Collected(graph, flatRead);
  const inner = new Emitter(glsl, "float", collected);
  const at = count === 0 ? "0.0" : inner.value(indices, "r").text;
  inner.lines.push(`int from = (o / ${after * length} * ${count} + r) * ${after} + o % ${after};`);
  const value = count === 0 ? "0.0" : inner.value(source, "from").text;
  const code = [
    "int o = getOutputCoords();",
    `float place = float((o / ${after}) % ${length});`,
    ...accumulate("sum", "0", `${count}`, inner.lines, `select(0.0, ${value}, ${at} == place)`),
    "setOutput(total);",
  ].join("\n");
  return drawOf(collected, code, [sizeOf(node.shape)], { inputs: false, output: false });
}
