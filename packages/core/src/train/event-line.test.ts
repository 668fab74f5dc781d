import { expect, it } from "vitest";
import { decodeEvent, encodeEvent } from "./event-line.js";
import type { NoticeEvent } from "./events.js";

it("writes nothing that acts on a terminal or a page, and loses nothing", () => {
  const message = "\u001b[31m \u009b2J \u202e \u{e0041} \u007f </script><!-- größe \u{1f600} \u2028";
  const notice: NoticeEvent = { type: "notice", level: "info", message };
  const line = encodeEvent(notice);
  expect(line).not.toMatch(/[<\p{Cc}\p{Cf}\u2028]/u);
  expect(line).toContain("größe \u{1f600}");
  expect(decodeEvent(line)).toEqual(notice);
});
