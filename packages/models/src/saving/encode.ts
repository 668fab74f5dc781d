import type { Data } from "@downhill/core";
import { decodeSafetensors, encodeSafetensors, FormatError, type Json } from "@downhill/core/train";
import { crc32 } from "./crc32.js";
import type { Preprocessing, SavedModel } from "./saved-model.js";

const format = "downhill-model";
const version = "1";

/**
 * A saved model as one safetensors file, which PyTorch's and other tools read: parameters as tensors, the rest as
 * JSON in its metadata, with a checksum over all. The same model gives the same bytes.
 */
export function encodeModel({ config, parameters, preprocessing }: SavedModel): Uint8Array<ArrayBuffer> {
  const metadata = {
    format,
    version,
    config: toJson("config", config),
    preprocessing: toJson("preprocessing", preprocessing),
  };
  return encodeSafetensors(parameters, { ...metadata, checksum: checksum(parameters, metadata) });
}

/** Reads such a file; throws a FormatError for one that is cut off, foreign, newer or altered. */
export function decodeModel(bytes: Uint8Array): SavedModel {
  const { tensors, metadata } = decodeSafetensors(bytes);
  if (metadata.format !== format) {
    throw new FormatError(
      `decodeModel: the file is a safetensors file but no Downhill model: its metadata has ` +
        `format ${JSON.stringify(metadata.format)}, expected "${format}".`,
    );
  }
  if (metadata.version !== version) {
    throw new FormatError(
      `decodeModel: the file is of version ${metadata.version}; this package reads version ${version}. ` +
        "Install the package that wrote it.",
    );
  }
  const { checksum: expected, ...rest } = metadata;
  const found = checksum(tensors, rest);
  if (found !== expected) {
    throw new FormatError(
      `decodeModel: the contents have checksum ${found}, the file says ${expected}. ` +
        "The file was altered after it was written.",
    );
  }
  const parameters: Record<string, Data> = {};
  for (const [name, { data, shape }] of Object.entries(tensors)) {
    if (!(data instanceof Float32Array || data instanceof Float64Array)) {
      throw new FormatError(`decodeModel: parameter "${name}" holds whole numbers; expected F32 or F64.`);
    }
    parameters[name] = { data, shape };
  }
  return {
    config: fromJson("config", metadata.config) as Json,
    parameters,
    preprocessing: fromJson("preprocessing", metadata.preprocessing) as Preprocessing,
  };
}

/** Of the contents, in the one order in which they are written. */
function checksum(
  tensors: Parameters<typeof encodeSafetensors>[0],
  metadata: Readonly<Record<string, string>>,
): string {
  return crc32(encodeSafetensors(tensors, metadata)).toString(16).padStart(8, "0");
}

/** JSON of a value that comes back the same; `JSON.stringify` would turn NaN into null in silence. */
function toJson(what: string, value: unknown): string {
  return JSON.stringify(value, (key, x) => {
    if (typeof x === "number" && !Number.isFinite(x)) {
      throw new RangeError(`encodeModel: ${what} has ${x} at "${key}"; JSON holds finite numbers only.`);
    }
    return x;
  });
}

function fromJson(what: string, text: string | undefined): object {
  try {
    const value: unknown = JSON.parse(text ?? "");
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Said below.
  }
  throw new FormatError(
    `decodeModel: the metadata's "${what}" is no JSON object. Was the file made by other means?`,
  );
}
