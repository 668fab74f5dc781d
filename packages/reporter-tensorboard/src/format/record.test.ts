import fc from "fast-check";
import { expect, test } from "vitest";
import { readRecords } from "../testing/read-records.js";
import { frameRecord } from "./record.js";

test("any data comes back whole, whatever stands before it", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (parts) => {
      const file = parts.flatMap((part) => [...frameRecord(part)]);
      expect(readRecords(Uint8Array.from(file)).map((data) => [...data])).toEqual(
        parts.map((part) => [...part]),
      );
    }),
  );
});
