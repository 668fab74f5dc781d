import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeSafetensors, encodeSafetensors, FormatError, type StoredTensor } from "./safetensors.js";

const tensors: Record<string, StoredTensor> = {
  w: { data: Float32Array.of(1.5, -2, 0, 3e38), shape: [2, 2] },
  bias: { data: Float64Array.of(1 / 3, -0), shape: [2] },
  steps: { data: Int32Array.of(-7, 2 ** 31 - 1), shape: [2] },
  mask: { data: Uint8Array.of(0, 255, 1), shape: [3] },
  scalar: { data: Float32Array.of(2.5), shape: [] },
  none: { data: new Float32Array(0), shape: [0, 3] },
};
const metadata = { b: "zwei", a: 'é "quoted"' };

/** The same contents saved by Python's safetensors 0.8.0 (safetensors.numpy.save). */
const fromPython =
  "kAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJhIjoiw6kgXCJxdW90ZWRcIiIsImIiOiJ6d2VpIn0sImJpYXMiOnsiZHR5cGUiOiJGNjQiLCJzaGFw" +
  "ZSI6WzJdLCJkYXRhX29mZnNldHMiOlswLDE2XX0sIm5vbmUiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzAsM10sImRhdGFfb2Zmc2V0cyI6WzE2" +
  "LDE2XX0sInNjYWxhciI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbXSwiZGF0YV9vZmZzZXRzIjpbMTYsMjBdfSwidyI6eyJkdHlwZSI6IkYzMiIs" +
  "InNoYXBlIjpbMiwyXSwiZGF0YV9vZmZzZXRzIjpbMjAsMzZdfSwic3RlcHMiOnsiZHR5cGUiOiJJMzIiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNl" +
  "dHMiOlszNiw0NF19LCJtYXNrIjp7ImR0eXBlIjoiVTgiLCJzaGFwZSI6WzNdLCJkYXRhX29mZnNldHMiOls0NCw0N119fSAgVVVVVVVV1T8AAAAA" +
  "AAAAgAAAIEAAAMA/AAAAwAAAAADmsWF/+f///////38A/wE=";

/** A file with this header and as many zero bytes of data. */
function file(header: string, bytes = 0): Uint8Array {
  const text = new TextEncoder().encode(header);
  const result = new Uint8Array(8 + text.length + bytes);
  new DataView(result.buffer).setBigUint64(0, BigInt(text.length), true);
  result.set(text, 8);
  return result;
}

const entry = (begin: number, end: number, shape = [(end - begin) / 4]) =>
  JSON.stringify({ dtype: "F32", shape, data_offsets: [begin, end] });

describe("encodeSafetensors", () => {
  it("writes the bytes that the format's own library writes", () => {
    expect(Buffer.from(encodeSafetensors(tensors, metadata)).toString("base64")).toBe(fromPython);
  });

  it("does not depend on the order of names", () => {
    const reversed = Object.fromEntries(Object.entries(tensors).reverse());
    expect(encodeSafetensors(reversed, { a: metadata.a, b: metadata.b })).toEqual(
      encodeSafetensors(tensors, metadata),
    );
  });

  it("refuses a tensor whose shape and numbers disagree", () => {
    expect(() => encodeSafetensors({ w: { data: new Float32Array(3), shape: [2, 2] } })).toThrow(
      'tensor "w" has shape [2, 2] of 4 elements and 3 numbers',
    );
  });

  it("refuses the name of the metadata and arrays of another type", () => {
    expect(() => encodeSafetensors({ __metadata__: tensors.w! })).toThrow('cannot be named "__metadata__"');
    const words = { data: new Uint16Array(1), shape: [1] } as unknown as StoredTensor;
    expect(() => encodeSafetensors({ words })).toThrow('tensor "words" is no Float64Array, Float32Array');
  });
});

describe("decodeSafetensors", () => {
  it("reads what the format's own library wrote", () => {
    expect(decodeSafetensors(Buffer.from(fromPython, "base64"))).toEqual({ tensors, metadata });
  });

  it("reads a view into a larger buffer at any offset", () => {
    const bytes = encodeSafetensors(tensors, metadata);
    const larger = new Uint8Array(bytes.length + 7);
    larger.set(bytes, 3);
    expect(decodeSafetensors(larger.subarray(3, 3 + bytes.length))).toEqual({ tensors, metadata });
  });

  it("keeps awkward names", () => {
    const odd = Object.fromEntries(
      ["2", "10", "__proto__", "", 'a"b\\', "ü\u2028"].map((name, i) => [
        name,
        { data: Float64Array.of(i), shape: [1] },
      ]),
    );
    const read = decodeSafetensors(encodeSafetensors(odd)).tensors;
    expect(Object.entries(read).sort()).toEqual(Object.entries(odd).sort());
  });

  it("keeps every bit of a number", () => {
    fc.assert(
      fc.property(fc.float64Array(), fc.float32Array(), (a, b) => {
        const stored = { a: { data: a, shape: [a.length] }, b: { data: b, shape: [1, b.length] } };
        expect(decodeSafetensors(encodeSafetensors(stored)).tensors).toEqual(stored);
      }),
    );
  });

  it.each([
    ["nothing", new Uint8Array(0), "has 0 bytes and is cut off"],
    ["a text", new TextEncoder().encode("hello, I am not one"), "format allows 100000000"],
    ["a header beyond the end", file("{}").slice(0, 9), "should take 2 bytes, but only 1 follow"],
    ["no object", file("[]"), 'does not begin with "{"'],
    ["broken JSON", file('{"a":}'), "not JSON in UTF-8"],
    ["broken UTF-8", file("{}\xff").map((byte) => (byte === 0xc3 ? 0xff : byte)), "not JSON in UTF-8"],
    ["a name twice", file(`{"a":${entry(0, 4)},"\\u0061" : ${entry(4, 8)}}`, 8), 'names "a" twice'],
    [
      "a key twice",
      file('{"a":{"dtype":"F32","shape":[],"shape":[1],"data_offsets":[0,4]}}', 4),
      '"shape" twice',
    ],
    ["metadata that is no text", file('{"__metadata__":{"n":1}}'), 'texts by name, got {"n":1}'],
    ["a field missing", file('{"a":{"dtype":"F32","shape":[1]}}'), "must have dtype, shape and data_offsets"],
    [
      "a field too many",
      file('{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4],"x":1}}', 4),
      "and nothing else",
    ],
    [
      "another dtype",
      file('{"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}', 2),
      'has dtype "BF16"; only F64, F32, I32, U8',
    ],
    [
      "a dtype of every object",
      file('{"a":{"dtype":"toString","shape":[],"data_offsets":[0,1]}}', 1),
      "has dtype",
    ],
    ["a negative length", file(`{"a":${entry(0, 4, [-1])}}`, 4), "has shape [-1]; expected a list of whole"],
    ["a length beyond all", file(`{"a":${entry(0, 4, [1e9, 1e9])}}`, 4), "has shape [1000000000,1000000000]"],
    [
      "three offsets",
      file('{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4,8]}}', 8),
      "expected two whole",
    ],
    [
      "a size that is not the shape's",
      file(`{"a":${entry(0, 4, [2])}}`, 4),
      "4 bytes, but its shape [2] of F32 takes 8",
    ],
    ["a gap", file(`{"a":${entry(4, 8)}}`, 8), 'tensor "a" begins at byte 4 and leaves a gap'],
    [
      "an overlap",
      file(`{"a":${entry(0, 8)},"b":${entry(4, 12)}}`, 12),
      'tensor "b" begins at byte 4 and overlaps',
    ],
    ["too few bytes", file(`{"a":${entry(0, 8)}}`, 7), "take 8 bytes, but only 7 follow the header"],
    ["too many bytes", file(`{"a":${entry(0, 8)}}`, 9), "1 bytes belong to no tensor"],
  ])("refuses %s and says so", (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(message);
    expect(() => decodeSafetensors(bytes)).toThrow(FormatError);
  });

  it("answers damage with a valid file or a FormatError, never another error", () => {
    const bytes = encodeSafetensors(tensors, metadata);
    const flips = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(7)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(flips, fc.option(fc.nat(bytes.length)), (places, length) => {
        const damaged = bytes.slice(0, length ?? bytes.length);
        for (const [at, bit] of places) if (at < damaged.length) damaged[at]! ^= 1 << bit;
        try {
          const read = decodeSafetensors(damaged);
          // What was read is a file again.
          const again = decodeSafetensors(encodeSafetensors(read.tensors, read.metadata));
          expect(again).toEqual(read);
        } catch (error) {
          if (!(error instanceof FormatError)) throw error;
          expect(error.message).toMatch(/^safetensors: .*[.?]$/s);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("finds every truncation", () => {
    const bytes = encodeSafetensors(tensors, metadata);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeSafetensors(bytes.subarray(0, length)), `${length} bytes`).toThrow(FormatError);
    }
  });
});
