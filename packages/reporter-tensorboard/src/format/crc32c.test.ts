import { expect, test } from "vitest";
import { crc32c, maskedCrc32c } from "./crc32c.js";

// RFC 3720, appendix B.4, and the check value of the catalogue of CRC algorithms.
test.each([
  ["the bytes of 123456789", new TextEncoder().encode("123456789"), 0xe3069283],
  ["32 zeros", new Uint8Array(32), 0x8a9136aa],
  ["32 ones", new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ["32 ascending bytes", Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ["32 descending bytes", Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  ["nothing", new Uint8Array(), 0],
])("has the published value for %s", (_, bytes, expected) => {
  expect(crc32c(bytes)).toBe(expected);
});

test("is masked by a rotation and a constant, modulo 2^32", () => {
  expect(maskedCrc32c(new Uint8Array())).toBe(0xa282ead8);
  const mask = (crc: bigint) => (((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn;
  // The rotation's upper bits are beyond 2^32 and fall away.
  expect(maskedCrc32c(new TextEncoder().encode("123456789"))).toBe(Number(mask(0xe3069283n)));
});
