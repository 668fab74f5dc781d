import { describe, expect, test } from "vitest";
import golden from "../fixtures/golden.json" with { type: "json" };
import { histogram } from "../summary/histogram.js";
import { sessionEnd, sessionStart } from "../summary/hparams.js";
import { scalar } from "../summary/scalar.js";
import { text } from "../summary/text.js";
import { eventRecord, type Value } from "./event-record.js";

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const bytes = (text: string) => new TextEncoder().encode(text);

const at = 1700000000.25;
const values = (step: number, list: readonly Value[], withMetadata = true) =>
  hex(eventRecord(at, step, { values: list, needsMetadata: () => withMetadata }));
const doubles = (rows: number[][]) => ({
  dtype: "float64" as const,
  shape: [rows.length, 3],
  data: Float64Array.from(rows.flat()),
});

describe("byte for byte what TensorBoard writes", () => {
  test("for the first record of a file", () => {
    expect(hex(eventRecord(at, 0, { fileVersion: "brain.Event:2" }))).toBe(golden.version);
  });

  test("for a restart", () => {
    expect(hex(eventRecord(at, 301, { session: "start" }))).toBe(golden.restart);
  });

  test("for scalars", () => {
    expect(values(7, [scalar("loss/step", 0.1), scalar("größe/x", "-Infinity")])).toBe(golden.scalars);
  });

  test("for a tag that has been described, at a step beyond 32 bits", () => {
    expect(values(2 ** 40, [scalar("loss", "NaN")], false)).toBe(golden.withoutMetadata);
  });

  test("for a histogram of the squares of 0 to 99", () => {
    const squares = Array.from({ length: 100 }, (_, i) => i ** 2);
    const width = 99 ** 2 / 30;
    // numpy's edges: multiples of the width, the last one the largest number.
    const edge = (i: number) => (i === 30 ? 99 ** 2 : i * width);
    const rows = Array.from({ length: 30 }, (_, i) => [edge(i), edge(i + 1), 0]);
    for (const x of squares) rows[Math.min(29, Math.floor(x / width))]![2]!++;
    expect(values(3, [histogram("w", doubles(rows))])).toBe(golden.histogram);
  });

  test("for equal numbers, which a probe tells in one bin", () => {
    expect(values(3, [histogram("w", doubles([[2.5, 2.5, 5]]))])).toBe(golden.constantHistogram);
  });

  test("for no numbers, which a probe tells without bins", () => {
    expect(values(3, [histogram("w", doubles([]))])).toBe(golden.emptyHistogram);
  });

  test("for a text", () => {
    expect(values(0, [text("run/card", "# Größe\n| a | b |")])).toBe(golden.text);
  });

  test("for images", () => {
    const data = [bytes("3"), bytes("2"), latin("\x89PNG one"), latin("\x89PNG two")];
    const value: Value = {
      tag: "samples/digits",
      plugin: "images",
      tensor: { dtype: "string", shape: [4], data },
    };
    expect(values(9, [value])).toBe(golden.images);
  });

  test("for hyper-parameters: a text, a number, a truth value", () => {
    expect(values(0, [sessionStart({ optimizer: "adam" }, "t0", at)])).toBe(golden.session);
    expect(values(0, [sessionStart({ learningRate: 0.1 }, "t0", 1)])).toBe(golden.number);
    expect(values(0, [sessionStart({ nesterov: false }, "t0", 1)])).toBe(golden.truth);
  });

  test("for the end of a session that failed", () => {
    const status = { kind: "diverged", achieved: Number.NaN, why: "" } as const;
    const end = sessionEnd(
      { type: "run-end", status, value: "NaN", metrics: {}, steps: 1, epochs: 1, timeMs: 1 },
      1700000009.5,
    );
    expect(values(0, [end])).toBe(golden.end);
  });
});

// The golden records of TensorBoard 2.21 that describe the format.
test("a loss of 0.5 at step 1 and second 2 is the 62 bytes of the format's description", () => {
  expect(hex(eventRecord(1, 0, { fileVersion: "brain.Event:2" }))).toBe(
    "1800000000000000a37f4b2209000000000000f03f1a0d627261696e2e4576656e743a3286bf577a",
  );
  const loss = { values: [scalar("loss", 0.5)], needsMetadata: () => true };
  expect(hex(eventRecord(2, 1, loss))).toBe(
    "2e00000000000000c5cb57fa09000000000000004010012a210a1f0a046c6f7373420a080112002a040000003f4a0b0a090a077363616c6172730ccfa71a",
  );
});

test("numbers beyond float32 become what it rounds them to", () => {
  expect(values(1, [scalar("x", 1e300)])).toBe(values(1, [scalar("x", "Infinity")]));
  expect(values(1, [scalar("x", 1e-50)])).toBe(values(1, [scalar("x", 0)]));
});

function latin(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
