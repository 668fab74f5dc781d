import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** Writes the fields of a protobuf message. */
export type Fields = (writer: BinaryWriter) => void;

/** A message as bytes of its own. */
export function encodeMessage(fields: Fields): Uint8Array {
  const writer = new BinaryWriter();
  fields(writer);
  return writer.finish();
}

/** A message as the field `number` of the one that is being written. */
export function writeMessage(writer: BinaryWriter, number: number, fields?: Fields): void {
  writer.tag(number, WireType.LengthDelimited).fork();
  fields?.(writer);
  writer.join();
}

export function writeString(writer: BinaryWriter, number: number, text: string): void {
  writer.tag(number, WireType.LengthDelimited).string(text);
}

export function writeBytes(writer: BinaryWriter, number: number, bytes: Uint8Array): void {
  writer.tag(number, WireType.LengthDelimited).bytes(bytes);
}

export function writeDouble(writer: BinaryWriter, number: number, value: number): void {
  writer.tag(number, WireType.Bit64).double(value);
}

/** An `int32`, `int64`, `bool` or `enum`. */
export function writeWhole(writer: BinaryWriter, number: number, value: number): void {
  writer.tag(number, WireType.Varint).int64(value);
}
