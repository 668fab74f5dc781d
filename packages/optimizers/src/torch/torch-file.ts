import type { Data, Floats } from "@downhill/core";
import { decodeSafetensors, encodeSafetensors, type Json, type StoredTensor } from "@downhill/core/train";

type Fields = Readonly<Record<string, Json>>;

/** What `tools/torch_state.py` writes and reads, in one safetensors file. */
export interface TorchFile {
  /** The optimizer's class. */
  readonly optimizer: string;
  /** PyTorch's parameter groups, with names of parameters. */
  readonly groups: readonly (Fields & { readonly params: readonly string[] })[];
  readonly parameters: Readonly<Record<string, Data>>;
  /** By parameter and PyTorch's name of the slot. */
  readonly state: Readonly<Record<string, Readonly<Record<string, Data>>>>;
}

const entry = "torch-optimizer-state";
const version = 1;

/** Throws for a file of something else, and a FormatError for one that is not safetensors. */
export function readTorchFile(bytes: Uint8Array): TorchFile {
  const { tensors, metadata } = decodeSafetensors(bytes);
  if (metadata[entry] === undefined) {
    const found = Object.keys(metadata);
    throw new Error(
      `fromTorch: the file's metadata has no "${entry}"; it has ${found.length > 0 ? found.join(", ") : "nothing"}. ` +
        "Export the optimizer's state by export_state of tools/torch_state.py.",
    );
  }
  const { optimizer, groups } = readHeader(metadata[entry]);
  const parameters: Record<string, Data> = {};
  const state: Record<string, Record<string, Data>> = {};
  for (const [key, tensor] of Object.entries(tensors)) {
    const [, name, slot] = /^state\/(.*)\/([^/]+)$/s.exec(key) ?? [];
    if (key.startsWith("parameters/")) parameters[key.slice("parameters/".length)] = asFloats(key, tensor);
    else if (name !== undefined) (state[name] ??= {})[slot!] = asFloats(key, tensor);
    else throw new Error(`fromTorch: tensor "${key}" is neither under parameters/ nor under state/.`);
  }
  for (const name of [...Object.keys(state), ...groups.flatMap(({ params }) => params)]) {
    if (Object.hasOwn(parameters, name)) continue;
    throw new Error(
      `fromTorch: the file speaks of a parameter "${name}"; it has ${Object.keys(parameters).join(", ")}.`,
    );
  }
  return { optimizer, groups, parameters, state };
}

export function writeTorchFile({ optimizer, groups, parameters, state }: TorchFile): Uint8Array {
  const tensors: Record<string, StoredTensor> = {};
  for (const [name, tensor] of Object.entries(parameters)) tensors[`parameters/${name}`] = tensor;
  for (const [name, slots] of Object.entries(state)) {
    for (const [slot, tensor] of Object.entries(slots)) tensors[`state/${name}/${slot}`] = tensor;
  }
  return encodeSafetensors(tensors, { [entry]: JSON.stringify({ version, optimizer, groups }) });
}

function readHeader(text: string): Pick<TorchFile, "optimizer" | "groups"> {
  const header = parse(text);
  if (header?.version !== version) {
    throw new Error(
      `fromTorch: "${entry}" is of version ${JSON.stringify(header?.version)}; expected version ${version}.`,
    );
  }
  const { optimizer, groups } = header;
  const fits =
    typeof optimizer === "string" &&
    Array.isArray(groups) &&
    groups.every(({ params }) => Array.isArray(params) && params.every((name) => typeof name === "string"));
  if (fits) return { optimizer, groups };
  throw new Error(`fromTorch: "${entry}" must have the optimizer's class and groups of named parameters.`);
}

function parse(text: string): any {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`fromTorch: "${entry}" is no JSON (${(error as Error).message}). The file is damaged.`);
  }
}

function asFloats(key: string, { data, shape }: StoredTensor): Data {
  if (data instanceof Float32Array || data instanceof Float64Array) return { data: data as Floats, shape };
  throw new Error(`fromTorch: tensor "${key}" holds whole numbers; expected float32 or float64.`);
}
