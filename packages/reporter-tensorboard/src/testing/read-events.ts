import { BinaryReader, type WireType } from "@bufbuild/protobuf/wire";
import { readRecords } from "./read-records.js";

/** What a test looks at of an event file. */
export interface ReadEvent {
  wallTime: number;
  step: number;
  fileVersion?: string;
  restart?: true;
  readonly values: ReadValue[];
}

export interface ReadValue {
  tag: string;
  plugin?: string;
  content?: Uint8Array;
  number?: number;
  doubles?: Float64Array;
  readonly texts: Uint8Array[];
}

/** The events of a file, read with the fields' numbers of TensorFlow's protobuf definitions. */
export function readEvents(file: Uint8Array): ReadEvent[] {
  return readRecords(file).map((data) => {
    const event: ReadEvent = { wallTime: 0, step: 0, values: [] };
    each(data, {
      1: (r) => (event.wallTime = r.double()),
      2: (r) => (event.step = Number(r.int64())),
      3: (r) => (event.fileVersion = r.string()),
      5: (r) => each(r.bytes(), { 1: (r) => event.values.push(readValue(r.bytes())) }),
      7: (r) => each(r.bytes(), { 1: (r) => r.int32() === 1 && (event.restart = true) }),
    });
    return event;
  });
}

/** By tag, the steps and what `of` takes of the values. */
export function series<T>(
  events: readonly ReadEvent[],
  of: (value: ReadValue) => T,
): Record<string, [number, T][]> {
  const found: Record<string, [number, T][]> = {};
  for (const { step, values } of events) {
    for (const value of values) (found[value.tag] ??= []).push([step, of(value)]);
  }
  return found;
}

function readValue(data: Uint8Array): ReadValue {
  const value: ReadValue = { tag: "", texts: [] };
  each(data, {
    1: (r) => (value.tag = r.string()),
    8: (r) =>
      each(r.bytes(), {
        4: (r) => (value.doubles = new Float64Array(r.bytes().slice().buffer)),
        5: (r) => (value.number = new BinaryReader(r.bytes()).float()),
        8: (r) => value.texts.push(r.bytes()),
      }),
    9: (r) =>
      each(r.bytes(), {
        1: (r) =>
          each(r.bytes(), {
            1: (r) => (value.plugin = r.string()),
            2: (r) => (value.content = r.bytes()),
          }),
      }),
  });
  return value;
}

function each(data: Uint8Array, fields: Readonly<Record<number, (reader: BinaryReader) => unknown>>): void {
  const reader = new BinaryReader(data);
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    const read = fields[number];
    if (read) read(reader);
    else reader.skip(type as WireType, number);
  }
}
