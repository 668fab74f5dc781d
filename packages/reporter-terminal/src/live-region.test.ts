import { onExit } from "signal-exit";
import { afterEach, expect, test, vi } from "vitest";
import { createLiveRegion } from "./live-region.js";
import { screenOf } from "./testing/streams.js";

const forget = vi.fn();
vi.mock("signal-exit", () => ({ onExit: vi.fn(() => forget) }));

afterEach(() => {
  vi.clearAllMocks();
});

const size = { columns: 20, rows: 10 };

function region() {
  let text = "before\n";
  const live = createLiveRegion(
    (more) => {
      text += more;
    },
    () => size.columns,
  );
  return { live, text: () => text, seen: async () => (await screenOf(text, size)).lines };
}

test("fewer and shorter lines leave nothing of those before", async () => {
  const { live, seen } = region();
  live.draw(["one one one", "two", "three"]);
  live.draw(["one", "2"]);
  expect(await seen()).toEqual(["before", "one", "2"]);
});

test("what is written above pushes the region down, and what was before it stays", async () => {
  const { live, seen } = region();
  live.draw(["line"]);
  live.above("note");
  live.draw(["line 2"]);
  expect(await seen()).toEqual(["before", "note", "line 2"]);
});

test("stays where it is on a full screen", async () => {
  const { live, seen } = region();
  for (let i = 0; i < 30; i++) live.above(`note ${i}`);
  live.draw(["a", "b"]);
  live.draw(["c", "d"]);
  expect((await seen()).slice(-3)).toEqual(["note 29", "c", "d"]);
});

test("closed, it is gone or stays as it stands", async () => {
  const [gone, stays] = [region(), region()];
  for (const { live } of [gone, stays]) live.draw(["a", "b"]);
  gone.live.close({ keep: false });
  stays.live.close({ keep: true });
  expect(await gone.seen()).toEqual(["before"]);
  expect(await stays.seen()).toEqual(["before", "a", "b"]);
});

test("shows the cursor again when the process exits, and no longer cares once closed", () => {
  const { live, text } = region();
  const exit = vi.mocked(onExit).mock.calls[0]![0];
  expect(text().endsWith("\x1b[?25l")).toBe(true);
  exit(null, "SIGTERM");
  expect(text().endsWith("\x1b[?25h")).toBe(true);
  expect(forget).not.toHaveBeenCalled();
  live.close({ keep: true });
  expect(forget).toHaveBeenCalledOnce();
});
