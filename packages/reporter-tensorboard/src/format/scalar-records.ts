import { scalar } from "../summary/scalar.js";
import { writeValue } from "./event-record.js";
import { encodeMessage, writeMessage } from "./message.js";
import { frameRecord } from "./record.js";

/** A point of a curve: its tag and its number. */
export type Point = readonly [tag: string, value: number];

/** Makes a record of points under tags that readers know already; for `wallTime`, in seconds since 1970. */
export type ScalarRecords = (
  wallTime: number,
  step: number,
  points: readonly Point[],
) => Uint8Array<ArrayBuffer>;

/**
 * The same bytes as `eventRecord` makes, many times as fast: a curve may have a point for each step, and all that differs
 * from one to the next is the time, the step and the numbers.
 */
export function createScalarRecords(): ScalarRecords {
  const known = new Map<string, Uint8Array>();
  // As a field of the summary, its number last: the tensor is the value's last field, and its number the tensor's.
  const bytesOf = (tag: string) => {
    let bytes = known.get(tag);
    if (bytes === undefined) {
      bytes = encodeMessage((writer) =>
        writeMessage(writer, 1, () => writeValue(writer, scalar(tag, 0), false)),
      );
      known.set(tag, bytes);
    }
    return bytes;
  };
  return (wallTime, step, points) => {
    let length = 0;
    for (const [tag] of points) length += bytesOf(tag).length;
    const stepBytes = step === 0 ? 0 : 1 + varintLength(step);
    const data = new Uint8Array(9 + stepBytes + 1 + varintLength(length) + length);
    const view = new DataView(data.buffer);
    data[0] = 0x09;
    view.setFloat64(1, wallTime, true);
    let at = 9;
    if (step !== 0) {
      data[at] = 0x10;
      at = writeVarint(data, at + 1, step);
    }
    data[at] = 0x2a;
    at = writeVarint(data, at + 1, length);
    for (const [tag, value] of points) {
      const bytes = bytesOf(tag);
      data.set(bytes, at);
      at += bytes.length;
      view.setFloat32(at - 4, value, true);
    }
    return frameRecord(data);
  };
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length++;
  return length;
}

/** Seven bits a byte, the lowest first; returns where the next byte goes. */
function writeVarint(data: Uint8Array, from: number, value: number): number {
  let at = from;
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) data[at++] = (rest % 128) | 0x80;
  data[at++] = rest;
  return at;
}
