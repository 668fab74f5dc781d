import type { BinaryWriter } from "@bufbuild/protobuf/wire";
import { writeBytes, writeMessage, writeWhole } from "./message.js";

/** What a summary's value carries, row-major. */
export type Tensor =
  | { readonly dtype: "float"; readonly shape: readonly number[]; readonly data: readonly number[] }
  | { readonly dtype: "double"; readonly shape: readonly number[]; readonly data: Float64Array }
  | { readonly dtype: "string"; readonly shape: readonly number[]; readonly data: readonly Uint8Array[] };

/** The numbers of `tensorflow.DataType`. */
const dtypes = { float: 1, double: 2, string: 7 } as const;

/** Writes the fields of a `tensorflow.TensorProto`. Numbers of dtype "float" are rounded to float32, beyond its range to infinity. */
export function writeTensor(writer: BinaryWriter, { dtype, shape, data }: Tensor): void {
  writeWhole(writer, 1, dtypes[dtype]);
  writeMessage(writer, 2, () => {
    for (const size of shape) {
      // A size of 0 is protobuf's default, which is not written.
      writeMessage(writer, 2, () => size > 0 && writeWhole(writer, 1, size));
    }
  });
  switch (dtype) {
    case "float":
      if (data.length > 0) writeMessage(writer, 5, () => data.forEach((x) => writer.float(Math.fround(x))));
      break;
    case "double":
      writeBytes(writer, 4, littleEndian(data));
      break;
    case "string":
      for (const bytes of data) writeBytes(writer, 8, bytes);
  }
}

function littleEndian(numbers: Float64Array): Uint8Array {
  const bytes = new Uint8Array(8 * numbers.length);
  const view = new DataView(bytes.buffer);
  numbers.forEach((x, i) => view.setFloat64(8 * i, x, true));
  return bytes;
}
