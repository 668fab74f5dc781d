import type { Event } from "./events.js";
import { isPacked, unpack } from "./packed.js";

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

function toBase64(bytes: Uint8Array): string {
  let text = "";
  // In pieces: a call takes only so many arguments.
  for (let i = 0; i < bytes.length; i += 0x2000)
    text += String.fromCharCode(...bytes.subarray(i, i + 0x2000));
  return btoa(text);
}
