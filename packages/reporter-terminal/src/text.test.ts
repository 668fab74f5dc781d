import { describe, expect, test } from "vitest";
import { displayWidth, flow, padEnd, padStart, sanitize, truncate } from "./text.js";

describe("sanitize", () => {
  test("shows escape sequences and control characters instead of obeying them", () => {
    expect(sanitize("\x1b[31mred\x1b[0m")).toBe("\\x1b[31mred\\x1b[0m");
    expect(sanitize("a\rb\nc\td\x07\x7f\x9b2J")).toBe("a\\rb\\nc\\td\\x07\\x7f\\x9b2J");
  });

  test("shows directional overrides, separators, invisible characters and lone surrogates", () => {
    expect(sanitize("a\u202eb\u2066c\u2028d\u200be\ud800")).toBe(
      "a\\u{202e}b\\u{2066}c\\u{2028}d\\u{200b}e\\u{d800}",
    );
  });

  test("leaves letters of any script and joined emoji alone", () => {
    for (const text of ["iris setosa", "größe", "花びら", "می‌خواهم", "👨‍👩‍👧"])
      expect(sanitize(text)).toBe(text);
  });

  test("escapes all but ASCII where the output shows no more", () => {
    expect(sanitize("größe 花", { ascii: true })).toBe("gr\\xf6\\xdfe \\u{82b1}");
  });
});

describe("truncate", () => {
  test("counts columns, not characters", () => {
    expect(truncate("花びらの幅", 6)).toBe("花び…");
    expect(displayWidth(truncate("花びらの幅", 6))).toBeLessThanOrEqual(6);
    expect(truncate("loss", 4)).toBe("loss");
  });

  test("keeps colours whole and the mark within the width, in ASCII too", () => {
    expect(truncate("\x1b[31mdiverged\x1b[39m", 5)).toBe("\x1b[31mdive…\x1b[39m");
    expect(truncate("diverged", 6, { ascii: true })).toBe("div...");
    expect(truncate("diverged", 1, { ascii: true })).toBe(".");
  });
});

test("pads by display width", () => {
  expect(padEnd("花", 4)).toBe("花  ");
  expect(padStart("花", 4)).toBe("  花");
});

test("flow breaks between parts where the width asks for it", () => {
  expect(flow(["loss", "train 1", "validation 2"], 16)).toEqual(["loss   train 1", "validation 2"]);
});
