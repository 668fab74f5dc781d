import { crc32c } from "../format/crc32c.js";

/** The data of the records of a TFRecord file. Throws for a wrong checksum or a record that is cut off. */
export function readRecords(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const records: Uint8Array[] = [];
  const check = (bytes: Uint8Array, at: number) => {
    const mask = (BigInt(view.getUint32(at, true)) - 0xa282ead8n) & 0xffffffffn;
    const crc = ((mask >> 17n) | (mask << 15n)) & 0xffffffffn;
    if (crc !== BigInt(crc32c(bytes))) throw new Error(`The checksum at byte ${at} is wrong.`);
  };
  for (let at = 0; at < file.length; ) {
    const length = Number(view.getBigUint64(at, true));
    check(file.subarray(at, at + 8), at + 8);
    const data = file.subarray(at + 12, at + 12 + length);
    check(data, at + 12 + length);
    records.push(data);
    at += 16 + length;
  }
  return records;
}
