import fc from "fast-check";
import { expect, test } from "vitest";
import { markdownTable, markdownText, safeText } from "./safe-text.js";

test("a name shows its control characters and markup as escapes, and keeps the rest", () => {
  expect(safeText("layer0/w größe 👩‍👩‍👧")).toBe("layer0/w größe 👩‍👩‍👧");
  expect(safeText("\u001b[31m<b>\u202e\n")).toBe("\\x1b[31m\\x3cb\\x3e\\u{202e}\\x0a");
});

test("Markdown shows text as it is, a cell in its cell", () => {
  expect(markdownTable(["a", "b"], [[markdownText("x|y\nz"), markdownText("<b> **&amp;")]])).toBe(
    "| a | b |\n| --- | --- |\n| x&#124;y&#92;x0az | &#60;b&#62; &#42;&#42;&#38;amp; |",
  );
});

const harmful = /[<>\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;
const markup = /[<>|`*_[\]\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;

test("no text makes markup or a control character", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(harmful.test(safeText(text))).toBe(false);
      expect(markup.test(markdownText(text))).toBe(false);
    }),
  );
});
