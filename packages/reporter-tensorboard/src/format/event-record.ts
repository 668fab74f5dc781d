import type { BinaryWriter } from "@bufbuild/protobuf/wire";
import { encodeMessage, writeBytes, writeDouble, writeMessage, writeString, writeWhole } from "./message.js";
import { frameRecord } from "./record.js";
import { type Tensor, writeTensor } from "./tensor.js";

/** A value under a tag, and the TensorBoard plugin that shows it. */
export interface Value {
  readonly tag: string;
  readonly plugin: "scalars" | "histograms" | "images" | "text" | "hparams";
  /** What the plugin keeps of the tag beside the values. */
  readonly content?: Uint8Array;
  readonly tensor: Tensor;
}

/** What an event says. */
export type What =
  | { readonly fileVersion: string }
  /** A session begins at the step: readers drop all that earlier files of the folder say of it and later ones. */
  | { readonly session: "start" }
  /** TensorBoard needs the metadata with the first value of a tag only. */
  | { readonly values: readonly Value[]; readonly needsMetadata: (tag: string) => boolean };

/** A `tensorflow.Event` as a record of an event file. `wallTime` is in seconds since 1970. */
export function eventRecord(wallTime: number, step: number, what: What): Uint8Array<ArrayBuffer> {
  const event = encodeMessage((writer) => {
    writeDouble(writer, 1, wallTime);
    if (step !== 0) writeWhole(writer, 2, step);
    if ("fileVersion" in what) writeString(writer, 3, what.fileVersion);
    else if ("session" in what) writeMessage(writer, 7, () => writeWhole(writer, 1, 1));
    else {
      writeMessage(writer, 5, () => {
        for (const value of what.values) {
          writeMessage(writer, 1, () => writeValue(writer, value, what.needsMetadata(value.tag)));
        }
      });
    }
  });
  return frameRecord(event);
}

export function writeValue(
  writer: BinaryWriter,
  { tag, plugin, content, tensor }: Value,
  withMetadata: boolean,
): void {
  writeString(writer, 1, tag);
  writeMessage(writer, 8, () => writeTensor(writer, tensor));
  if (!withMetadata) return;
  writeMessage(writer, 9, () => {
    writeMessage(writer, 1, () => {
      writeString(writer, 1, plugin);
      if (content) writeBytes(writer, 2, content);
    });
  });
}
