import { formatShape, type Shape, sizeOf } from "../expr/shape.js";

/** A tensor as a safetensors file holds it: numbers, row-major. */
export interface StoredTensor {
  readonly data: Float64Array | Float32Array | Int32Array | Uint8Array;
  readonly shape: Shape;
}

/** Thrown for bytes that are not a valid file of their format; the message says what is wrong and where. */
export class FormatError extends Error {
  override readonly name = "FormatError";
}

/**
 * The format's element types that typed arrays can hold: bytes of one element, and little-endian access. Tensors
 * are stored in this order of types, as the reference implementation does.
 */
const types = {
  F64: {
    size: 8,
    make: (length: number) => new Float64Array(length),
    read: (view: DataView, at: number) => view.getFloat64(at, true),
    write: (view: DataView, at: number, x: number) => view.setFloat64(at, x, true),
  },
  F32: {
    size: 4,
    make: (length: number) => new Float32Array(length),
    read: (view: DataView, at: number) => view.getFloat32(at, true),
    write: (view: DataView, at: number, x: number) => view.setFloat32(at, x, true),
  },
  I32: {
    size: 4,
    make: (length: number) => new Int32Array(length),
    read: (view: DataView, at: number) => view.getInt32(at, true),
    write: (view: DataView, at: number, x: number) => view.setInt32(at, x, true),
  },
  U8: {
    size: 1,
    make: (length: number) => new Uint8Array(length),
    read: (view: DataView, at: number) => view.getUint8(at),
    write: (view: DataView, at: number, x: number) => view.setUint8(at, x),
  },
};
type TypeName = keyof typeof types;
const typeNames = Object.keys(types) as TypeName[];

/** Bytes of the number before the header that says how long it is. */
const prefix = 8;
/** The format's own limit on its header. */
const maxHeader = 100_000_000;
const metadataKey = "__metadata__";

/**
 * A safetensors file (https://github.com/huggingface/safetensors): the header's length as 8 little-endian bytes,
 * a JSON header padded with spaces to a multiple of 8, then the tensors' bytes without gaps. Tensors go by
 * type, largest elements first, then by name: each is aligned, and the same contents give the same bytes.
 * `metadata` holds texts by name. Throws a FormatError where a tensor cannot be written.
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, StoredTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(tensors)
    .map(([name, tensor]) => ({ name, tensor, type: typeOf(name, tensor) }))
    .sort((a, b) => typeNames.indexOf(a.type) - typeNames.indexOf(b.type) || compare(a.name, b.name));
  const fields: string[] = [];
  if (Object.keys(metadata).length > 0) {
    const texts = Object.entries(metadata).sort(([a], [b]) => compare(a, b));
    fields.push(
      field(metadataKey, `{${texts.map(([key, text]) => field(key, JSON.stringify(text))).join(",")}}`),
    );
  }
  let length = 0;
  for (const { name, tensor, type } of entries) {
    const end = length + tensor.data.length * types[type].size;
    fields.push(
      field(name, JSON.stringify({ dtype: type, shape: tensor.shape, data_offsets: [length, end] })),
    );
    length = end;
  }
  // Built by hand: an object would put names like "0" before all others.
  const header = new TextEncoder().encode(`{${fields.join(",")}}`);
  const start = prefix + Math.ceil(header.length / 8) * 8;
  if (start - prefix > maxHeader) {
    throw new FormatError(
      `safetensors: the header would take ${start - prefix} bytes; the format allows ${maxHeader}. ` +
        "Store fewer tensors or shorter metadata.",
    );
  }
  const bytes = new Uint8Array(start + length).fill(0x20, prefix, start);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(start - prefix), true);
  bytes.set(header, prefix);
  let at = start;
  for (const { tensor, type } of entries) {
    const { size, write } = types[type];
    for (const x of tensor.data) {
      write(view, at, x);
      at += size;
    }
  }
  return bytes;
}

/**
 * Reads a safetensors file strictly: throws a FormatError for a file that is cut off or goes on too long, a header
 * that is not what the format asks for (a name given twice included), bytes that belong to no tensor or to two,
 * and element types other than F64, F32, I32 and U8. The arrays are copies.
 */
export function decodeSafetensors(bytes: Uint8Array): {
  readonly tensors: Readonly<Record<string, StoredTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = prefix + headerLength(view);
  const header = parseHeader(bytes.subarray(prefix, start));
  const metadata = readMetadata(header.find(([name]) => name === metadataKey)?.[1]);
  const entries = header
    .filter(([name]) => name !== metadataKey)
    .map(([name, value]) => ({ name, ...readEntry(name, value) }));
  checkCoverage(entries, bytes.length - start);
  const tensors = entries.map(({ name, type, shape, begin }) => {
    const { size, make, read } = types[type];
    const data = make(sizeOf(shape));
    for (let i = 0, at = start + begin; i < data.length; i++, at += size) data[i] = read(view, at);
    return [name, { data, shape }] as const;
  });
  return { tensors: Object.fromEntries(tensors), metadata };
}

interface Entry {
  readonly name: string;
  readonly type: TypeName;
  readonly shape: Shape;
  readonly begin: number;
  readonly end: number;
}

function typeOf(name: string, { data, shape }: StoredTensor): TypeName {
  if (name === metadataKey) throw new FormatError(`safetensors: a tensor cannot be named "${metadataKey}".`);
  if (sizeOf(shape) !== data.length) {
    throw new FormatError(
      `safetensors: tensor "${name}" has shape ${formatShape(shape)} of ${sizeOf(shape)} elements ` +
        `and ${data.length} numbers; they must agree.`,
    );
  }
  if (data instanceof Float64Array) return "F64";
  if (data instanceof Float32Array) return "F32";
  if (data instanceof Int32Array) return "I32";
  if (data instanceof Uint8Array) return "U8";
  throw new FormatError(
    `safetensors: tensor "${name}" is no Float64Array, Float32Array, Int32Array or Uint8Array; convert it first.`,
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
const field = (key: string, json: string) => `${JSON.stringify(key)}:${json}`;

function headerLength(view: DataView): number {
  if (view.byteLength < prefix) {
    throw new FormatError(
      `safetensors: the file has ${view.byteLength} bytes and is cut off: the header's length alone takes ${prefix}.`,
    );
  }
  const length = view.getBigUint64(0, true);
  if (length > BigInt(maxHeader)) {
    throw new FormatError(
      `safetensors: the first ${prefix} bytes announce a header of ${length} bytes; ` +
        `the format allows ${maxHeader}. Is this a safetensors file?`,
    );
  }
  if (length > BigInt(view.byteLength - prefix)) {
    throw new FormatError(
      `safetensors: the header should take ${length} bytes, but only ${view.byteLength - prefix} follow its length. ` +
        "The file is cut off, or is no safetensors file.",
    );
  }
  return Number(length);
}

/** The header's names and values, in order, a name's second value included. */
function parseHeader(bytes: Uint8Array): [string, unknown][] {
  if (bytes[0] !== 0x7b) {
    throw new FormatError('safetensors: the header does not begin with "{". Is this a safetensors file?');
  }
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (error) {
    throw new FormatError(
      `safetensors: the header is not JSON in UTF-8 (${(error as Error).message}). The file is damaged.`,
    );
  }
  const twice = repeatedKey(text);
  if (twice !== undefined)
    throw new FormatError(`safetensors: the header names ${JSON.stringify(twice)} twice.`);
  return Object.entries(header as object);
}

/** The first key that an object of a valid JSON text has twice: `JSON.parse` keeps the last in silence. */
function repeatedKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  const colon = /\s*:/y;
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (character === "{") open.push(new Set());
    else if (character === "}") open.pop();
    else if (character === '"') {
      const end = endOfString(json, i);
      colon.lastIndex = end;
      if (colon.test(json)) {
        const key = JSON.parse(json.slice(i, end)) as string;
        const keys = open.at(-1)!;
        if (keys.has(key)) return key;
        keys.add(key);
      }
      i = end - 1;
    }
  }
  return undefined;
}

function endOfString(json: string, start: number): number {
  let i = start + 1;
  while (json[i] !== '"') i += json[i] === "\\" ? 2 : 1;
  return i + 1;
}

function readMetadata(value: unknown = {}): Record<string, string> {
  if (isRecord(value) && Object.values(value).every((text) => typeof text === "string")) {
    return value as Record<string, string>;
  }
  throw new FormatError(`safetensors: "${metadataKey}" must hold texts by name, got ${brief(value)}.`);
}

function readEntry(name: string, value: unknown): Omit<Entry, "name"> {
  const wrong = (what: string) => new FormatError(`safetensors: tensor "${name}" ${what}`);
  const { dtype, shape, data_offsets: offsets, ...rest } = isRecord(value) ? value : {};
  if (dtype === undefined || shape === undefined || offsets === undefined || Object.keys(rest).length > 0) {
    throw wrong(`must have dtype, shape and data_offsets and nothing else, got ${brief(value)}.`);
  }
  if (typeof dtype !== "string" || !Object.hasOwn(types, dtype)) {
    throw wrong(`has dtype ${brief(dtype)}; only ${typeNames.join(", ")} can be read.`);
  }
  const type = dtype as TypeName;
  if (!isLengths(shape) || !Number.isSafeInteger(sizeOf(shape))) {
    throw wrong(`has shape ${brief(shape)}; expected a list of whole numbers from 0.`);
  }
  if (!isLengths(offsets) || offsets.length !== 2) {
    throw wrong(`has data_offsets ${brief(offsets)}; expected two whole numbers from 0.`);
  }
  const [begin, end] = offsets as [number, number];
  const size = sizeOf(shape) * types[type].size;
  if (end - begin !== size) {
    throw wrong(
      `has data_offsets ${brief(offsets)}, ${end - begin} bytes, but its shape ${formatShape(shape)} of ${type} takes ${size}.`,
    );
  }
  return { type, shape, begin, end };
}

/** Throws unless the entries' bytes follow one another without gap or overlap and fill the file's. */
function checkCoverage(entries: readonly Entry[], available: number): void {
  let covered = 0;
  let before = "the beginning";
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered) {
      const what = begin < covered ? "overlaps the bytes before it" : "leaves a gap before it";
      throw new FormatError(
        `safetensors: tensor "${name}" begins at byte ${begin} and ${what}: ${before} ends at ${covered}.`,
      );
    }
    covered = end;
    before = `tensor "${name}"`;
  }
  if (covered > available) {
    throw new FormatError(
      `safetensors: the tensors take ${covered} bytes, but only ${available} follow the header. The file is cut off.`,
    );
  }
  if (covered < available) {
    throw new FormatError(
      `safetensors: the tensors take ${covered} bytes, but ${available} follow the header: ` +
        `${available - covered} bytes belong to no tensor.`,
    );
  }
}

function isRecord(x: unknown): x is Record<string, unknown> {
  return typeof x === "object" && x !== null && !Array.isArray(x);
}

function isLengths(x: unknown): x is number[] {
  return Array.isArray(x) && x.every((n) => Number.isSafeInteger(n) && n >= 0);
}

/** A value of foreign JSON, shortened for a message. */
function brief(value: unknown): string {
  const json = String(JSON.stringify(value));
  return json.length > 80 ? `${json.slice(0, 77)}...` : json;
}
