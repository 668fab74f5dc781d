import type { ByteQueue } from "../byte-queue.js";
import { scalar } from "../summary/scalar.js";
import { maskedCrc32c } from "./crc32c.js";
import { eventRecord, writeValue } from "./event-record.js";
import { encodeMessage, writeMessage } from "./message.js";

/** Points of several curves at a step: `numbers[i]` under `tags[i]`. */
export interface Points {
  readonly tags: readonly string[];
  readonly numbers: number[];
}

/**
 * Adds a record of points, for `wallTime` in seconds since 1970; or says false, where readers do not know all of the tags
 * already.
 */
export type ScalarRecords = (into: ByteQueue, wallTime: number, step: number, points: Points) => boolean;

/** A record of which only the time, the step, the numbers and the checksum are to be filled in. */
interface Template {
  readonly tags: readonly string[];
  readonly stepBytes: number;
  readonly record: Uint8Array;
  /** Where each number stands. */
  readonly places: readonly number[];
}

/** Of a record: the length of its data, eight bytes, and that length's checksum, four. */
const dataAt = 12;
/** After them, each behind the byte that names its field. */
const timeAt = dataAt + 1;
const stepAt = timeAt + 8 + 1;

/**
 * The same bytes as `eventRecord` makes, many times as fast: a curve may have a point for each step, and all that differs
 * from one to the next is the time, the step and the numbers.
 */
export function createScalarRecords(isKnown: (tag: string) => boolean): ScalarRecords {
  const templates: Template[] = [];
  return (into, wallTime, step, { tags, numbers }) => {
    const stepBytes = step === 0 ? 0 : varintLength(step);
    let template = templates.find((known) => known.stepBytes === stepBytes && isSame(known.tags, tags));
    if (template === undefined) {
      if (!tags.every(isKnown)) return false;
      template = templateFor(tags, step, stepBytes);
      templates.push(template);
    }
    const { record, places } = template;
    const from = into.reserve(record.length);
    const { data, view } = into;
    data.set(record, from);
    view.setFloat64(from + timeAt, wallTime, true);
    if (step !== 0) writeVarint(data, from + stepAt, step);
    for (let i = 0; i < places.length; i++) view.setFloat32(from + places[i]!, numbers[i]!, true);
    const end = from + record.length - 4;
    view.setUint32(end, maskedCrc32c(data, from + dataAt, end), true);
    return true;
  };
}

function templateFor(tags: readonly string[], step: number, stepBytes: number): Template {
  const values = tags.map((tag) => scalar(tag, 0));
  const record = eventRecord(0, step, { values, needsMetadata: () => false });
  // The values are the record's end but for its checksum; a number is the end of its value.
  const lengths = values.map(
    (value) =>
      encodeMessage((writer) => writeMessage(writer, 1, () => writeValue(writer, value, false))).length,
  );
  let at = record.length - 4 - lengths.reduce((sum, length) => sum + length, 0);
  const places = lengths.map((length) => (at += length) - 4);
  return { tags, stepBytes, record, places };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length++;
  return length;
}

/** Seven bits a byte, the lowest first. */
function writeVarint(data: Uint8Array, from: number, value: number): void {
  let at = from;
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) data[at++] = (rest % 128) | 0x80;
  data[at] = rest;
}
