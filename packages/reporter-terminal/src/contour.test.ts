import { describe, expect, test } from "vitest";
import { type ContourOptions, contour } from "./contour.js";
import type { Landscape } from "./landscape.js";
import { displayWidth } from "./text.js";

// Rises from left to right; four levels part it into five columns of equal bands.
const slope = { f: (x: number) => x, xRange: [0, 5], yRange: [0, 1] } as const;
const levels = [1, 2, 3, 4];
// Labels as wide as "0.5" and the axis leave five columns of ten; the axes' names and the key four rows of eight.
const small = { width: 10, height: 8, levels } as const;
/** The picture without what stands above it, its axes and the key below. */
const rows = (picture: string) =>
  picture
    .split("\n")
    .slice(0, -3)
    .flatMap((line) => /^[^┤│+|]*[┤│+|](.*)$/.exec(line)?.[1] ?? []);

describe("without colour", () => {
  test("ASCII shows each band by its character, and says which is which", () => {
    expect(
      contour({ ...slope, ...small, width: 40, braille: false })
        .split("\n")
        .at(-1),
    ).toBe("[ ]1[:]2[-]3[!]4[|]");
    const picture = contour({ ...slope, ...small, braille: false });
    expect(rows(picture)).toEqual([" :-!|", " :-!|", " :-!|", " :-!|"]);
  });

  test("braille shows the lines between bands", () => {
    const picture = contour({ ...slope, ...small });
    // The band changes to the right of each character's second dot: all four rows of the right column.
    expect(rows(picture)).toEqual(["⢸⢸⢸⢸ ", "⢸⢸⢸⢸ ", "⢸⢸⢸⢸ ", "⢸⢸⢸⢸ "]);
    expect(
      contour({ ...slope, ...small, width: 40 })
        .split("\n")
        .at(-1),
    ).toBe("levels 1, 2, 3, 4");
  });

  test("paths are characters, from start to end", () => {
    const paths = [
      { name: "sgd", points: [0.5, 0.9, 4.5, 0.9] },
      { name: "adam", points: [[0.5, 0.1] as const, [4.5, 0.1] as const] },
    ];
    const picture = contour({ ...slope, ...small, paths });
    expect(rows(picture)).toEqual(["○***●", "⢸⢸⢸⢸ ", "⢸⢸⢸⢸ ", "○ooo●"]);
    expect(picture.split("\n").slice(0, 2)).toEqual(["* sgd", "o adam"]);
  });

  test("a path that leaves the picture is cut at its edge", () => {
    const paths = [{ name: "a", points: [2.5, 0.5, 100, 0.5] }];
    expect(rows(contour({ ...slope, ...small, paths }))[2]).toBe("⢸⢸○**");
    const outside = [{ name: "a", points: [-3, 0.5, -1, 9, 9, 9] }];
    expect(rows(contour({ ...slope, ...small, paths: outside })).join("")).not.toMatch(/[*○●]/);
  });
});

describe("in colour", () => {
  test("256 colours fill the bands, dark in the valley, and paths are dots on them", () => {
    const picture = contour({
      ...slope,
      ...small,
      color: 3,
      paths: [{ name: "a", points: [1.1, 0.5, 1.9, 0.5, 4.9, 0.5] }],
    });
    // Viridis from end to end: #440154 and #fde725.
    const [top] = rows(picture);
    expect(top).toContain("\x1b[48;2;68;1;84m \x1b[49m");
    expect(top?.endsWith("\x1b[48;2;253;231;37m \x1b[49m")).toBe(true);
    expect(rows(picture)[2]).toContain("○");
    expect(rows(picture)[2]).toMatch(/[⠁-⣿]/);
  });

  test("with sixteen, lines are dim and paths in their colours", () => {
    const picture = contour({
      ...slope,
      ...small,
      color: 1,
      paths: [{ name: "a", points: [0.5, 0.5, 4.5, 0.5] }],
    });
    expect(picture).not.toContain("48;");
    expect(picture).toContain("\x1b[36m");
  });
});

describe("a grid", () => {
  const grid = { x: [0, 5], y: [0, 1], z: [0, 5, 0, 5] };

  test("is interpolated, and drawn as the function it is of", () => {
    expect(contour({ grid, ...small })).toBe(contour({ ...slope, ...small }));
  });

  test("has its first row at the bottom", () => {
    const upward = { x: [0, 1], y: [0, 1], z: [0, 0, 4, 4] };
    const picture = contour({ grid: upward, ...small, levels: [1, 2, 3], braille: false });
    expect(rows(picture)).toEqual(["|||||", "=====", ":::::", "     "]);
  });

  test("heights that are not numbers stay empty", () => {
    const hole = { x: [0, 5], y: [0, 1], z: [Number.NaN, 5, 0, 5] };
    expect(
      rows(contour({ grid: hole, ...small }))
        .join("")
        .trim(),
    ).toBe("");
  });

  test("of the wrong size is an error that says the sizes", () => {
    expect(() => contour({ grid: { ...grid, z: [1, 2, 3] } })).toThrow("2 values of x, 2 of y and 3 of z");
  });
});

test("a range that is empty or upside down is an error that says which", () => {
  expect(() => contour({ ...slope, xRange: [2, 1] })).toThrow("contour: xRange is [2, 1]");
  expect(() => contour({ ...slope, yRange: [0, Number.POSITIVE_INFINITY] })).toThrow(
    "yRange is [0, Infinity]",
  );
});

test("a flat landscape says so", () => {
  expect(
    contour({ ...slope, f: () => 3, width: 20, height: 8 })
      .split("\n")
      .at(-1),
  ).toBe("flat");
});

test.each([6, 10, 24, 80, 120])("no line is wider than %d columns", (width) => {
  const looks: (Partial<ContourOptions> & Landscape)[] = [
    { ...slope, color: 3 },
    { ...slope, color: 1 },
    { ...slope },
    { ...slope, braille: false },
  ];
  for (const look of looks) {
    const picture = contour({
      ...look,
      width,
      title: "花びら",
      paths: [{ name: "momentum", points: [1, 0, 4, 1] }],
    });
    for (const line of picture.split("\n")) expect(displayWidth(line)).toBeLessThanOrEqual(width);
  }
});

test("has as many lines as asked for", () => {
  expect(contour({ ...slope, width: 60, height: 20, title: "slope" }).split("\n")).toHaveLength(20);
});

test("text is made safe", () => {
  const evil = "\x1b]0;evil\x07";
  const picture = contour({
    ...slope,
    title: evil,
    xLabel: evil,
    yLabel: evil,
    paths: [{ name: evil, points: [] }],
  });
  expect(picture).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
});
