import type { Event, Packed } from "./events.js";

/** An event as one line of JSON: arrays as base64 of their little-endian bytes, numbers that are not finite as texts. */
export function encodeEvent(event: Event): string {
  return JSON.stringify(event, (_, x: unknown) => {
    if (typeof x === "number" && !Number.isFinite(x)) return String(x);
    return ArrayBuffer.isView(x) ? toBase64(new Uint8Array(x.buffer, x.byteOffset, x.byteLength)) : x;
  });
}

/** The event again, with arrays as typed arrays. Throws a SyntaxError for a line that is no event. */
export function decodeEvent(line: string): Event {
  const event = JSON.parse(line, (_, x: unknown) =>
    isPacked(x) ? { ...x, data: unpack(x) } : x,
  ) as Event | null;
  if (event !== null && typeof event === "object" && Object.hasOwn(types, event.type)) return event;
  throw new SyntaxError(`It is no event: its type is none of ${Object.keys(types).join(", ")}.`);
}

const types: Readonly<Record<Event["type"], true>> = {
  "run-start": true,
  step: true,
  epoch: true,
  evaluation: true,
  figure: true,
  checkpoint: true,
  notice: true,
  "run-end": true,
};

const arrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array, uint8: Uint8Array };

function isPacked(x: unknown): x is Packed & { readonly data: string } {
  const { dtype, shape, data } = (x ?? {}) as Partial<Packed>;
  return (
    typeof dtype === "string" &&
    Object.hasOwn(arrays, dtype) &&
    Array.isArray(shape) &&
    typeof data === "string"
  );
}

function unpack({ dtype, data }: Packed & { readonly data: string }): ArrayBufferView {
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  return new arrays[dtype](bytes.buffer);
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  // In pieces: a call takes only so many arguments.
  for (let i = 0; i < bytes.length; i += 0x2000)
    text += String.fromCharCode(...bytes.subarray(i, i + 0x2000));
  return btoa(text);
}
