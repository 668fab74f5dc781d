import type { Event } from "./events.js";
import { isPacked, unpack } from "./packed.js";

/** An event as one line of JSON: arrays as base64 of their little-endian bytes, numbers that are not finite as texts. */
export function encodeEvent(event: Event): string {
  return harmlessJson(JSON.stringify(event, asPlain));
}

function asPlain(_: string, x: unknown): unknown {
  if (typeof x === "number" && !Number.isFinite(x)) return String(x);
  return ArrayBuffer.isView(x) ? toBase64(new Uint8Array(x.buffer, x.byteOffset, x.byteLength)) : x;
}

// JSON escapes the controls below the space itself. Left are those above, directional and other invisible formatting, and
// what begins a tag.
const unsafe = /[<\p{Cc}\p{Cf}\u2028\u2029]/gu;

/**
 * JSON that means the same, with what could act on a terminal that shows it, or on a page that it stands in, written as
 * escapes of JSON.
 */
export function harmlessJson(json: string): string {
  // Nearly all of it; classes of Unicode take long.
  return /^[ -;=-~]*$/.test(json) ? json : json.replace(unsafe, escape);
}

/** `\\u202e`, or two of them for what lies beyond sixteen bits. */
function escape(character: string): string {
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
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
