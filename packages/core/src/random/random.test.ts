import { describe, expect, it } from "vitest";
import { chiSquareDeviation } from "./chi-square.fixture.js";
import { type Random, random, restoreRandom } from "./random.js";
import { uniform53At } from "./uniform-at.js";

const draw = (stream: Random, n = 100) => Array.from({ length: n }, () => stream.uniform());

describe("random", () => {
  it("gives the same stream for the same seed and another for another", () => {
    expect(draw(random(7))).toEqual(draw(random(7)));
    expect(draw(random(7))).not.toEqual(draw(random(8)));
    expect(random(7).uniform()).toBe(uniform53At(7, 0));
    expect(random(2 ** 32 + 7).uniform()).not.toBe(random(7).uniform());
  });

  it.each([-1, 0.5, NaN, Infinity, 2 ** 53, "1" as unknown as number, undefined as unknown as number])(
    "refuses %s as a seed and says what it takes",
    (seed) => {
      expect(() => random(seed)).toThrow(RangeError);
      expect(() => random(seed)).toThrow(
        /^random: the seed is .*; expected a whole number from 0 to 9007199254740991\.$/,
      );
    },
  );

  it("draws normals with mean 0 and variance 1", () => {
    const stream = random(11);
    const n = 50000;
    let mean = 0;
    let square = 0;
    for (let i = 0; i < n; i++) {
      const z = stream.normal();
      mean += z / n;
      square += (z * z) / n;
    }
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(square - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  });
});

describe("integer", () => {
  it.each([2, 3, 7, 100, 1000])("draws each of %i numbers as often", (n) => {
    const stream = random(5);
    const counts = new Uint32Array(n);
    for (let i = 0; i < 100 * n + 10000; i++) counts[stream.integer(n)]!++;
    expect(Math.abs(chiSquareDeviation(counts))).toBeLessThan(4);
  });

  it("stays even for a range that does not divide 2^32", () => {
    // Without drawing again, a third of these numbers would come half of the time.
    const stream = random(6);
    const counts = new Uint32Array(3);
    for (let i = 0; i < 30000; i++) counts[stream.integer(3 * 2 ** 30) % 3]!++;
    expect(Math.abs(chiSquareDeviation(counts))).toBeLessThan(4);
  });

  it("covers its whole range and nothing else", () => {
    expect(random(1).integer(1)).toBe(0);
    const n = 2 ** 32 - 1;
    const stream = random(1);
    const drawn = Array.from({ length: 1000 }, () => stream.integer(n));
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThan(n);
    expect(Math.max(...drawn)).toBeGreaterThan(0.99 * n);
  });

  it.each([0, -3, 1.5, NaN, 2 ** 32])("refuses %s", (n) => {
    expect(() => random(1).integer(n)).toThrow(
      `random.integer: n is ${n}; expected a whole number from 1 to 4294967295.`,
    );
  });
});

describe("permutation", () => {
  it("has every number once", () => {
    for (const n of [0, 1, 2, 1000]) {
      const order = random(3).permutation(n);
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
    }
    expect([...random(3).permutation(1000)]).not.toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });

  it("has every order as often", () => {
    const stream = random(4);
    const counts = new Map<string, number>();
    for (let i = 0; i < 24000; i++) {
      const order = stream.permutation(4).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(Math.abs(chiSquareDeviation([...counts.values()]))).toBeLessThan(4);
  });

  it("refuses a negative length", () => {
    expect(() => random(1).permutation(-1)).toThrow(
      "random.permutation: n is -1; expected a whole number from 0 to",
    );
  });
});

describe("fork", () => {
  it("depends on seed, name and number, not on what was drawn", () => {
    const parent = random(7);
    const before = draw(parent.fork("shuffle", 2));
    draw(parent);
    expect(draw(parent.fork("shuffle", 2))).toEqual(before);
    for (const other of [
      parent.fork("shuffle", 3),
      parent.fork("shuffles", 2),
      random(8).fork("shuffle", 2),
    ]) {
      expect(draw(other)).not.toEqual(before);
    }
  });

  it("gives streams without correlation to each other and to the parent", () => {
    const parent = random(7);
    const n = 20000;
    const streams = [
      parent,
      parent.fork("a"),
      parent.fork("a", 1),
      parent.fork("b"),
      parent.fork("a").fork("a"),
    ];
    const columns = streams.map((stream) => draw(stream, n).map((u) => (u - 0.5) * Math.sqrt(12)));
    columns.forEach((a, i) => {
      for (const b of columns.slice(i + 1)) {
        const correlation = a.reduce((sum, x, k) => sum + x * b[k]!, 0) / n;
        expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(n));
      }
    });
  });

  it("refuses a number that is none", () => {
    expect(() => random(1).fork("shuffle", -1)).toThrow(
      'random.fork: the number of "shuffle" is -1; expected',
    );
  });
});

describe("state", () => {
  it("continues a stream from JSON at any place", () => {
    const stream = random(7).fork("noise");
    draw(stream, 3);
    stream.integer(10);
    const restored = restoreRandom(JSON.parse(JSON.stringify(stream.state())));
    const continued = (r: Random) => [
      r.uniform(),
      r.normal(),
      r.integer(1000),
      ...r.permutation(10),
      r.state(),
    ];
    expect(continued(restored)).toEqual(continued(stream));
    expect(draw(restored.fork("x"))).toEqual(draw(stream.fork("x")));
  });

  it("refuses a state that is none", () => {
    expect(() => restoreRandom({ key: 1, drawn: -1 })).toThrow(
      "restoreRandom: the number of words drawn is -1;",
    );
    expect(() => restoreRandom({ key: 0.5, drawn: 0 })).toThrow("restoreRandom: the key is 0.5;");
  });
});
