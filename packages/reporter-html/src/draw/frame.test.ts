import { expect, test } from "vitest";
import { clip, textWidth } from "./frame.js";

test("text that cannot be seen takes the room of what is shown in its place", () => {
  expect(textWidth("\u001b[31m")).toBe(textWidth("\\x1b[31m"));
  expect(clip("\u001b[31mred", 1000, 11)).toBe("\\x1b[31mred");
  const cut = clip("\u001b\u001b\u001b\u001b", 40, 11);
  expect(textWidth(cut)).toBeLessThanOrEqual(44);
  expect(cut.endsWith("…")).toBe(true);
});
