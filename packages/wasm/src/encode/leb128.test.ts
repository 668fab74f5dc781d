import { describe, expect, it } from "vitest";
import { signed, unsigned } from "./leb128.js";

const bytesOf = (write: (bytes: number[]) => void) => {
  const bytes: number[] = [];
  write(bytes);
  return bytes;
};

// The examples of the DWARF 4 specification, section 7.6.
describe("LEB128", () => {
  it.each([
    [2, [2]],
    [127, [127]],
    [128, [0x80, 1]],
    [129, [0x81, 1]],
    [12857, [0x80 + 57, 100]],
    [0xffffffff, [0xff, 0xff, 0xff, 0xff, 0x0f]],
  ])("writes %d unsigned", (value, expected) => {
    expect(bytesOf((bytes) => unsigned(bytes, value))).toEqual(expected);
  });

  it.each([
    [2, [2]],
    [-2, [0x7e]],
    [127, [0x80 + 127, 0]],
    [-127, [1 + 0x80, 0x7f]],
    [128, [0x80, 1]],
    [-128, [0x80, 0x7f]],
    [-129, [0x7f + 0x80, 0x7e]],
    [-(2 ** 31), [0x80, 0x80, 0x80, 0x80, 0x78]],
    [2 ** 31 - 1, [0xff, 0xff, 0xff, 0xff, 0x07]],
  ])("writes %d signed", (value, expected) => {
    expect(bytesOf((bytes) => signed(bytes, value))).toEqual(expected);
    expect(bytesOf((bytes) => signed(bytes, BigInt(value)))).toEqual(expected);
  });
});
