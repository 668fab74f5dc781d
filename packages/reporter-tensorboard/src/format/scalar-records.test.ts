import { expect, test } from "vitest";
import { scalar } from "../summary/scalar.js";
import { eventRecord } from "./event-record.js";
import { createScalarRecords, type Point } from "./scalar-records.js";

test("makes the same bytes as the usual way", () => {
  const records = createScalarRecords();
  const points: Point[][] = [
    [["loss/step", 0.1]],
    [
      ["loss/step", Number.NaN],
      ["hyper/größe </script>", 1e300],
      ["probes/cosine", -0],
    ],
    Array.from({ length: 40 }, (_, i): Point => [`hyper/${"x".repeat(i)}`, i / 3]),
  ];
  for (const step of [0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 40 + 1]) {
    for (const list of points) {
      const values = list.map(([tag, value]) => scalar(tag, value));
      const expected = eventRecord(1700000000.25, step, { values, needsMetadata: () => false });
      expect(records(1700000000.25, step, list)).toEqual(expected);
    }
  }
});
