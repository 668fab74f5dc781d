import { tensor } from "@downhill/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batchesOf } from "./batches.js";

/** x [rows, 2, 2] begins with the row's number; y [rows] is that number. */
function columnsOf(rows: number) {
  return {
    x: tensor(
      Float64Array.from({ length: rows * 4 }, (_, i) => (i % 4 === 0 ? i / 4 : -i)),
      [rows, 2, 2],
    ),
    y: tensor(Float64Array.from({ length: rows }, (_, i) => i)),
  };
}

const base = { seed: 1, epoch: 0, shuffle: true, last: "keep" } as const;

test("each row comes once an epoch, whole, and only the last batch is smaller", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 70 }),
      fc.boolean(),
      fc.nat(),
      fc.nat({ max: 1000 }),
      (rows, size, shuffle, seed, epoch) => {
        const columns = columnsOf(rows);
        const seen: number[] = [];
        const sizes: number[] = [];
        for (const { x, y } of batchesOf(columns, rows, { size, seed, epoch, shuffle, last: "keep" })) {
          expect(x.shape).toEqual([y.data.length, 2, 2]);
          expect(y.shape).toEqual([y.data.length]);
          y.data.forEach((row, i) => {
            expect(x.data.subarray(4 * i, 4 * i + 4)).toEqual(columns.x.data.subarray(4 * row, 4 * row + 4));
          });
          expect(x.data.length).toBe(4 * y.data.length);
          seen.push(...y.data);
          sizes.push(y.data.length);
        }
        expect(seen.slice().sort((a, b) => a - b)).toEqual([...columns.y.data]);
        if (!shuffle) expect(seen).toEqual([...columns.y.data]);
        expect(sizes.slice(0, -1).every((count) => count === size)).toBe(true);
      },
    ),
  );
});

function orderOf(options: Partial<Parameters<typeof batchesOf>[2]>): number[] {
  return [...batchesOf(columnsOf(50), 50, { size: 8, ...base, ...options })].flatMap(({ y }) => y.shape[0]!);
}

test("a last batch with fewer rows can be dropped", () => {
  expect(orderOf({ last: "keep" })).toEqual([8, 8, 8, 8, 8, 8, 2]);
  expect(orderOf({ last: "drop" })).toEqual([8, 8, 8, 8, 8, 8]);
  expect(orderOf({ last: "drop", size: 25 })).toEqual([25, 25]);
});

test("the order depends on seed and epoch alone, not on the batches' size", () => {
  const rows = (options: Partial<Parameters<typeof batchesOf>[2]>) => {
    const order: number[] = [];
    for (const { y } of batchesOf(columnsOf(50), 50, { size: 8, ...base, ...options })) order.push(...y.data);
    return order;
  };
  expect(rows({})).toEqual(rows({}));
  expect(rows({ size: 50 })).toEqual(rows({ size: 7 }));
  expect(rows({ epoch: 1 })).not.toEqual(rows({ epoch: 0 }));
  expect(rows({ seed: 2 })).not.toEqual(rows({ seed: 1 }));
});

test("unshuffled rows are not copied, shuffled ones reuse one array", () => {
  const columns = columnsOf(10);
  for (const size of [10, 99, 3]) {
    for (const { x } of batchesOf(columns, 10, { ...base, shuffle: false, size })) {
      expect(x.data.buffer).toBe(columns.x.data.buffer);
    }
  }
  const buffers = new Set([...batchesOf(columns, 10, { ...base, size: 3 })].map(({ x }) => x.data.buffer));
  expect(buffers.size).toBe(1);
  expect(buffers.has(columns.x.data.buffer)).toBe(false);
});

describe("errors", () => {
  test.each([0, -1, 2.5, Number.NaN])("a size of %d", (size) => {
    expect(() => [...batchesOf(columnsOf(3), 3, { ...base, size })]).toThrow(
      "expected a whole number of rows from 1",
    );
  });

  test("no batch at all", () => {
    expect(() => [...batchesOf(columnsOf(3), 3, { ...base, size: 4, last: "drop" })]).toThrow(
      "3 rows never fill a batch of 4",
    );
  });
});
