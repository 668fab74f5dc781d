import { expect, test } from "vitest";
import { createCanvas } from "./canvas.js";

// The dots of U+2800 to U+28FF are numbered 1 2 3 down the left, 4 5 6 down the right, then 7 and 8 below them;
// dot n is bit n - 1 (The Unicode Standard, section 21.1).
test.each([
  [0, 0, "⠁"],
  [0, 1, "⠂"],
  [0, 2, "⠄"],
  [0, 3, "⡀"],
  [1, 0, "⠈"],
  [1, 1, "⠐"],
  [1, 2, "⠠"],
  [1, 3, "⢀"],
])("the dot in column %d, row %d is %s", (x, y, text) => {
  const canvas = createCanvas(1, 1, true);
  canvas.dot(x, y, 0);
  expect(canvas.cell(0, 0)).toEqual({ text, ink: 0 });
});

test("dots of one character add up, and the last ink stays", () => {
  const canvas = createCanvas(2, 1, true);
  canvas.dot(2, 0, 0);
  canvas.dot(3, 3, 1);
  expect(canvas.cell(1, 0)).toEqual({ text: "⢁", ink: 1 });
  expect(canvas.cell(0, 0)).toEqual({ text: " ", ink: -1 });
});

test("what lies outside is left out", () => {
  const canvas = createCanvas(1, 1, true);
  for (const [x, y] of [
    [-1, 0],
    [2, 0],
    [0, -1],
    [0, 4],
  ] as const) {
    canvas.dot(x, y, 0);
  }
  expect(canvas.cell(0, 0).ink).toBe(-1);
});

test("a line reaches both ends and has no gap", () => {
  const canvas = createCanvas(4, 4, false);
  canvas.line(3, 3, 0, 0, 1);
  const rows = [0, 1, 2, 3].map((row) =>
    [0, 1, 2, 3].map((column) => canvas.cell(column, row).text).join(""),
  );
  expect(rows).toEqual(["o   ", " o  ", "  o ", "   o"]);
});
