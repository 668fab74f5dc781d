import { describe, expect, it } from "vitest";
import { seeded } from "../engine/random-program.fixture.js";
import { allocate } from "./allocate.js";
import { accessesOf, extentOf, type FillStep } from "./plan.js";

const fill = (buffer: number, count: number): FillStep => ({
  kind: "fill",
  value: 0,
  count,
  access: { buffer, offset: 0, strides: [] },
});

describe("allocate", () => {
  it("gives values of disjoint lifetimes the same memory", () => {
    const { size } = allocate([fill(-1, 100), fill(-1, 100), fill(-2, 100), fill(-3, 80)], 5);
    expect(size).toBe(100);
  });

  it("leaves arenas where they are", () => {
    const { steps, size } = allocate([fill(0, 10), fill(-1, 3)], 5);
    expect(steps.map((step) => accessesOf(step)[0]!.access.buffer)).toEqual([0, 5]);
    expect(size).toBe(3);
  });

  it("never overlaps two values that live at once", () => {
    const next = seeded(3);
    for (let round = 0; round < 30; round++) {
      const names = Array.from({ length: 40 }, () => -1 - Math.floor(next() * 15));
      const sizes = new Map(names.map((name) => [name, 1 + Math.floor(next() * 50)]));
      const before = names.map((name) => fill(name, sizes.get(name)!));
      const { steps, size } = allocate(before, 9);
      const placed = names.map((name, at) => {
        const [touch] = accessesOf(steps[at]!);
        return { name, from: touch!.access.offset, to: touch!.access.offset + extentOf(touch!) };
      });
      const lives = (name: number) => [names.indexOf(name), names.lastIndexOf(name)] as const;
      for (const x of placed) {
        expect(x.to).toBeLessThanOrEqual(size);
        for (const y of placed) {
          const [first, last] = lives(x.name);
          const [begin, end] = lives(y.name);
          const together = x.name !== y.name && first <= end && begin <= last;
          if (together) expect(x.to <= y.from || y.to <= x.from).toBe(true);
        }
      }
    }
  });
});
