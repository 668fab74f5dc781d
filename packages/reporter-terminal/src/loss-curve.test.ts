import { describe, expect, test } from "vitest";
import { lossCurve } from "./loss-curve.js";
import { displayWidth } from "./text.js";

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
/** Rows of the picture without the legend and the axes. */
const inside = (picture: string) =>
  picture
    .split("\n")
    .slice(0, -2)
    .flatMap((line) => /^[ \d.ekM-]*[┤│+|](.*)$/.exec(line)?.[1] ?? []);

// Six columns and three rows are 12 dots by 12: a diagonal goes through one dot of each row, dots 1 and 5 of a
// character (⠑), then 3 and 8 of the next (⢄).
const diagonal = [{ name: "a", y: range(12).map((i) => 11 - i) }];
const small = { width: 10, height: 6, yLabel: "f", xLabel: "x" };

describe("a small picture", () => {
  test("is drawn in braille, with round values on both axes", () => {
    expect(lossCurve(diagonal, small)).toBe(
      [
        "f   ⠒⠒ a 0", //
        " 10┤⠑⢄",
        "  5┤  ⠑⢄",
        "  0┤    ⠑⢄",
        "   └┬─┬───",
        "    0 5  x",
      ].join("\n"),
    );
  });

  test("is drawn in ASCII where there is no braille", () => {
    expect(lossCurve(diagonal, { ...small, braille: false })).toBe(
      [
        "f   * a 0", //
        " 10+**",
        "  5+  **",
        "  0+    **",
        "   ++-+---",
        "    0 5  x",
      ].join("\n"),
    );
  });

  test("shows each series in its colour", () => {
    const flat = [
      { name: "a", y: [1, 1] },
      { name: "b", y: [0, 0] },
    ];
    const [legend, top, , bottom] = lossCurve(flat, { ...small, width: 24, color: 1 }).split("\n");
    expect(legend).toContain("\x1b[36m⠒⠒\x1b[39m a 1   \x1b[33m⠒⠒\x1b[39m b 0");
    // Labels as wide as "0.5" and the axis leave 19 columns of 24.
    const [width, cyan, yellow] = [19, "\x1b[36m", "\x1b[33m"];
    expect(top?.endsWith(`${cyan}${"⠉".repeat(width)}\x1b[39m`)).toBe(true);
    expect(bottom?.endsWith(`${yellow}${"⣀".repeat(width)}\x1b[39m`)).toBe(true);
  });
});

describe("axes", () => {
  test("a geometric fall is straight on a logarithmic axis", () => {
    const halving = [{ name: "a", y: range(12).map((i) => 2 ** -i) }];
    // Labels as wide as "0.001" and the axis leave six columns of thirteen.
    expect(inside(lossCurve(halving, { ...small, logY: true, width: 13 }))).toEqual(["⠑⢄", "  ⠑⢄", "    ⠑⢄"]);
  });

  test("y is logarithmic by itself where positive values span two powers of ten, and says so", () => {
    expect(lossCurve([{ name: "a", y: [100, 10, 1] }])).toContain("loss (log)");
    expect(lossCurve([{ name: "a", y: [99, 10, 1] }])).not.toContain("(log)");
    expect(lossCurve([{ name: "a", y: [100, 0, 1] }])).not.toContain("(log)");
    expect(lossCurve([{ name: "a", y: [100, 10, 1] }], { logY: false })).not.toContain("(log)");
  });

  test("x may be logarithmic, too", () => {
    const powers = { name: "a", x: [1, 10, 100, 1000], y: [3, 2, 1, 0] };
    const lines = lossCurve([powers], { width: 40, height: 8, logX: true }).split("\n");
    expect(lines.at(-1)).toMatch(/^ +1 +10 +100 +step \(log\)$/);
    // Equal steps of y over equal ratios of x are one straight line: on a linear axis its first half would be flat.
    const [top, bottom] = [inside(lines.join("\n"))[0]!, inside(lines.join("\n")).at(-1)!];
    expect(top.length).toBeLessThan(12);
    expect(bottom.search(/\S/)).toBeGreaterThan(24);
  });

  test("points that a logarithmic axis has no place for are counted", () => {
    const picture = lossCurve([{ name: "a", y: [100, 0, -1, 1] }], { logY: true });
    expect(picture).toContain("2 points at or below 0 not on the log axis");
  });

  test("steps that begin at 1 begin near the corner", () => {
    const steps = { name: "a", x: range(100).map((i) => i + 1), y: range(100) };
    expect(lossCurve([steps]).split("\n").at(-1)).toMatch(/^ +0 /);
  });
});

describe("several series without colour", () => {
  const series = (count: number) => range(count).map((i) => ({ name: `s${i}`, y: [i, i] }));

  test("up to three are solid, dashed and dotted", () => {
    const rows = inside(lossCurve(series(3), { width: 26, height: 8 })).filter((row) => row !== "");
    expect(rows).toHaveLength(3);
    const [dotted, dashed, solid] = rows as [string, string, string];
    expect(solid).toMatch(/^⣀+$/);
    expect(dashed).toMatch(/\S /);
    expect(dotted).toMatch(/^[⠁⠈ ]+$/);
  });

  test("more have a letter each", () => {
    const rows = inside(lossCurve(series(4), { width: 26, height: 9 })).filter((row) => row !== "");
    expect(rows.map((row) => [...new Set(row)].join(""))).toEqual(["+", "x", "o", "*"]);
  });
});

describe("what cannot be drawn", () => {
  test("a value that is not finite breaks the line and does not stretch the axes", () => {
    const broken = lossCurve([{ name: "a", y: [1, 1, Number.NaN, Number.POSITIVE_INFINITY, 1, 1] }], small);
    const row = inside(broken).find((line) => line.trim() !== "")!;
    expect(row.trimEnd()).toMatch(/^\S+ +\S+$/);
  });

  test("no points, or none that is finite, is said in a line", () => {
    expect(lossCurve([])).toBe("loss: no points to draw");
    expect(lossCurve([{ name: "a", y: [Number.NaN] }])).toBe("loss: no points to draw");
  });

  test("x and y of different lengths are an error that says both", () => {
    expect(() => lossCurve([{ name: "a", x: [1], y: [1, 2] }])).toThrow(
      'lossCurve: series "a" has 1 values of x and 2 of y',
    );
  });
});

test("a single point is drawn", () => {
  expect(
    inside(lossCurve([{ name: "a", y: [5] }], small))
      .join("")
      .trim(),
  ).toHaveLength(1);
});

test.each([4, 8, 12, 20, 33, 80, 200])("no line is wider than %d columns", (width) => {
  const series = [
    { name: "train 花びら", y: range(500).map((i) => Math.exp(-i / 50)) },
    { name: "validation", y: range(500).map((i) => 2 * Math.exp(-i / 40)) },
  ];
  for (const braille of [true, false]) {
    for (const line of lossCurve(series, { width, braille, color: true, xLabel: "a long name" }).split(
      "\n",
    )) {
      expect(displayWidth(line)).toBeLessThanOrEqual(width);
    }
  }
});

test("has as many lines as asked for", () => {
  expect(lossCurve(diagonal, { width: 40, height: 17 }).split("\n")).toHaveLength(17);
});

test("names are made safe", () => {
  const picture = lossCurve([{ name: "\x1b[2Jevil", y: [1, 2] }], { xLabel: "\u202estep" });
  expect(picture).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  expect(picture).toContain("\\x1b[2Jevil");
});
