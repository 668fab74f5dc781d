/**
 * CRC-32C (Castagnoli), reflected: entry `256·k + byte` is what a byte does to the checksum once `k` more bytes have followed,
 * so that eight bytes can be taken at once (slicing by 8; M. E. Kounavis and F. L. Berry, "Novel table lookup-based algorithms
 * for high-performance CRC generation", 2008).
 */
const table = new Uint32Array(8 * 256);
for (let byte = 0; byte < 256; byte++) {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0x82f63b78 : rest >>> 1;
  table[byte] = rest;
}
for (let i = 256; i < table.length; i++) {
  const before = table[i - 256]!;
  table[i] = (before >>> 8) ^ table[before & 0xff]!;
}

/** The CRC-32C checksum of RFC 3720, appendix B.4: 0xe3069283 for the bytes of "123456789". Of a part, where one is given. */
export function crc32c(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let rest = -1;
  let i = from;
  for (; i + 8 <= to; i += 8) {
    rest ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    rest =
      table[0x700 + (rest & 0xff)]! ^
      table[0x600 + ((rest >>> 8) & 0xff)]! ^
      table[0x500 + ((rest >>> 16) & 0xff)]! ^
      table[0x400 + (rest >>> 24)]! ^
      table[0x300 + bytes[i + 4]!]! ^
      table[0x200 + bytes[i + 5]!]! ^
      table[0x100 + bytes[i + 6]!]! ^
      table[bytes[i + 7]!]!;
  }
  for (; i < to; i++) rest = (rest >>> 8) ^ table[(rest ^ bytes[i]!) & 0xff]!;
  return ~rest >>> 0;
}

/** The checksum as TFRecord files store it, masked because a checksum of data that holds its own checksum is weak. */
export function maskedCrc32c(bytes: Uint8Array, from?: number, to?: number): number {
  const crc = crc32c(bytes, from, to);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
