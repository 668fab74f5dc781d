import { packedWgsl } from "../shader/wgsl.js";
import type { HostWords } from "./host-words.js";
import type { Memory } from "./memory.js";
import { togetherFunctions } from "./reductions.js";
import { GROUP, type Names, type Task } from "./task.js";

/** The code of a dispatch, with what it must be given: equal codes are one pipeline. */
export interface Shader {
  readonly code: string;
  /** Buffers in the order of their bindings, which begin at 3. */
  readonly buffers: readonly Bound[];
  /** What it reads of: values of the host, at binding 0, its parameters, and device scalars that it does not change. */
  readonly uniforms: readonly {
    readonly name: "host" | "parameters" | "scalars";
    readonly binding: number;
  }[];
  readonly parameters: Uint32Array<ArrayBuffer>;
  readonly groups: number;
}

/** A buffer of a dispatch: whether it is written, and whether as vectors of four. */
export interface Bound {
  readonly buffer: number;
  readonly writes: boolean;
  readonly vectors: boolean;
}

/** Device scalars fit into a buffer of uniforms, of which every device has 64 KiB. */
const MOST_SCALARS = 16384;

/**
 * The buffers that tasks bind together; undefined if they cannot: a tensor's buffer is either vectors or numbers. Device
 * scalars that are only read are uniforms, which do not count among them.
 */
export function boundBy(tasks: readonly Task[], memory: Memory): readonly Bound[] | undefined {
  const found = new Map<number, { writes: boolean; vectors: boolean }>();
  for (const { ranges, vectors = false } of tasks) {
    for (const { buffer, writes } of ranges) {
      const known = found.get(buffer) ?? { writes: false, vectors };
      // The workspace ends with a whole vector, whose numbers can be had one by one.
      if (known.vectors !== vectors && buffer !== memory.workspace) return undefined;
      found.set(buffer, { writes: known.writes || writes, vectors: known.vectors || vectors });
    }
  }
  return [...found]
    .map(([buffer, how]) => ({ buffer, ...how }))
    .filter((x) => x.buffer !== memory.scalars || x.writes || memory.scalarCount > MOST_SCALARS);
}

/** One entry point that leads each group of invocations to its task. */
export function shaderOf(
  tasks: readonly Task[],
  memory: Memory,
  host: Pick<HostWords, "count" | "value" | "key">,
): Shader {
  const buffers = boundBy(tasks, memory)!;
  const parameters: number[] = [];
  const word = (array: string, index: number) => `${array}[${index >> 2}].${"xyzw"[index & 3]}`;
  const component = (vectors: string, index: string) => `${vectors}[(${index}) / 4u][(${index}) % 4u]`;
  const find = (buffer: number) => buffers.findIndex((other) => other.buffer === buffer);
  const names: Names = {
    element(buffer, index) {
      const at = find(buffer);
      if (at < 0 && buffer === memory.scalars) return component("scalars", index);
      return buffers[at]!.vectors ? component(`b${at}`, index) : `b${at}[${index}]`;
    },
    vector: (buffer, index) => `b${find(buffer)}[${index}]`,
    parameter(value) {
      parameters.push(value);
      return word("parameters", parameters.length - 1);
    },
    host: (index) => `bitcast<f32>(${word("host", host.value(index))})`,
    key: (index) => [word("host", host.key(index)), word("host", host.key(index) + 1)],
  };
  const bodies = tasks.map((task, i) => `fn task${i}(group: u32, lane: u32) {\n${task.code(names)}\n}\n`);
  let groups = 0;
  const calls = tasks.map((task, i) => {
    const before = groups;
    groups += task.groups;
    const call = `task${i}(${before === 0 ? "group" : `group - ${names.parameter(before)}`}, lane);`;
    return `if (group < ${names.parameter(groups)}) { ${call} }`;
  });
  const text = bodies.join("");
  const main = `@compute @workgroup_size(${GROUP}) fn main(@builtin(workgroup_id) id: vec3<u32>,
  @builtin(num_workgroups) count: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let group = id.y * count.x + id.x;
  ${calls.join(" else ")}
}
`;
  const shared = togetherFunctions(text);
  const kernels = `${shared}${text}${main}`;
  const uniforms = [
    { name: "host", type: "u32", count: host.count },
    { name: "parameters", type: "u32", count: parameters.length },
    { name: "scalars", type: "f32", count: memory.scalarCount },
  ] as const;
  const bindings = uniforms
    .map((uniform, binding) => ({ ...uniform, binding }))
    .filter(({ name }) => kernels.includes(`${name}[`));
  const declarations = [
    ...bindings.map(
      ({ name, type, count, binding }) =>
        `@group(0) @binding(${binding}) var<uniform> ${name}: array<vec4<${type}>, ${Math.ceil(count / 4)}>;`,
    ),
    ...buffers.map(({ writes, vectors }, i) => {
      const access = writes ? "read_write" : "read";
      return `@group(0) @binding(${i + 3}) var<storage, ${access}> b${i}: array<${vectors ? "vec4<f32>" : "f32"}>;`;
    }),
  ];
  const code = `${declarations.join("\n")}\n${packedWgsl.preamble(kernels)}${kernels}`;
  const padded = new Uint32Array(4 * Math.ceil(parameters.length / 4));
  padded.set(parameters);
  return { code, buffers, uniforms: bindings, parameters: padded, groups };
}
