import { expect, test } from "vitest";
import { ByteQueue } from "../byte-queue.js";
import { scalar } from "../summary/scalar.js";
import { eventRecord } from "./event-record.js";
import { createScalarRecords, type Points } from "./scalar-records.js";

test("makes the same bytes as the usual way", () => {
  const addRecord = createScalarRecords(() => true);
  const queue = new ByteQueue();
  const many = Array.from({ length: 40 }, (_, i) => i);
  const points: Points[] = [
    { tags: ["loss/step"], numbers: [0.1] },
    { tags: ["loss/step"], numbers: [1e-40] },
    {
      tags: ["loss/step", "hyper/größe </script>", "probes/cosine"],
      numbers: [Number.NaN, 1e300, -0],
    },
    { tags: many.map((i) => `hyper/${"x".repeat(i)}`), numbers: many.map((i) => i / 3) },
  ];
  for (const step of [0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 40 + 1]) {
    for (const { tags, numbers } of points) {
      const values = tags.map((tag, i) => scalar(tag, numbers[i]!));
      const expected = eventRecord(1700000000.25, step, { values, needsMetadata: () => false });
      expect(addRecord(queue, 1700000000.25, step, { tags, numbers })).toBe(true);
      expect(queue.take()).toEqual(expected);
    }
  }
});

test("adds records one after another, whatever room there is", () => {
  const addRecord = createScalarRecords(() => true);
  const queue = new ByteQueue();
  const tags = ["loss/step"];
  const expected: number[] = [];
  for (let step = 1; step <= 1000; step++) {
    addRecord(queue, step, step, { tags, numbers: [step / 7] });
    const values = [scalar("loss/step", step / 7)];
    expected.push(...eventRecord(step, step, { values, needsMetadata: () => false }));
  }
  expect(queue.size).toBe(expected.length);
  expect([...queue.take()]).toEqual(expected);
  expect(queue.size).toBe(0);
});

test("leaves a record to the usual way until readers know its tags", () => {
  const known = new Set(["a"]);
  const addRecord = createScalarRecords((tag) => known.has(tag));
  const queue = new ByteQueue();
  expect(addRecord(queue, 1, 1, { tags: ["a", "b"], numbers: [1, 2] })).toBe(false);
  expect(queue.size).toBe(0);
  known.add("b");
  expect(addRecord(queue, 1, 1, { tags: ["a", "b"], numbers: [1, 2] })).toBe(true);
});
