import { PassThrough, Writable } from "node:stream";
import type { Event } from "@downhill/core/train";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type TerminalOptions, terminal } from "./terminal.js";
import { clearTerminalEnvironment } from "./testing/environment.js";
import { epoch, landscape, runEnd, runStart, step, wholeRun } from "./testing/events.js";
import { createScreen, FakeStream, screenOf } from "./testing/streams.js";
import { displayWidth } from "./text.js";

beforeEach(clearTerminalEnvironment);
afterEach(() => {
  vi.unstubAllEnvs();
});

const size = { columns: 80, rows: 40 };

/** Tells a reporter the events, `everyMs` apart by its clock. */
async function report(
  stream: FakeStream,
  events: readonly Event[],
  { everyMs = 20, ...options }: TerminalOptions & { everyMs?: number } = {},
) {
  let time = 0;
  const reporter = terminal({ stream, now: () => time, ...options });
  for (const event of events) {
    reporter.on(event);
    time += everyMs;
  }
  return reporter;
}

describe("a pipe", () => {
  test("gets the run's first line and a line for each epoch, without escape sequences", async () => {
    const stream = new FakeStream();
    await report(stream, wholeRun());
    expect(stream.text.split("\n")).toEqual([
      "mlp on digits (320 rows) · adamw · js float32 · seed 7",
      "epoch 1/4  step 10  loss 1  val loss 2  val accuracy 0.9000  50 steps/s  <1 s left",
      "epoch 2/4  step 20  loss 0.5000  val loss 1  val accuracy 0.9000  50 steps/s  <1 s left",
      "epoch 3/4  step 30  loss 0.3333  val loss 0.6667  val accuracy 0.9000  50 steps/s  <1 s left",
      "epoch 4/4  step 40  loss 0.2500  val loss 0.5000  val accuracy 0.9000  50 steps/s  <1 s left",
      "",
    ]);
  });

  test("gets the curve in braille and the summary at the end", async () => {
    const stream = new FakeStream();
    const reporter = await report(stream, wholeRun());
    stream.text = "";
    await reporter.end!(1000);
    const lines = stream.text.split("\n");
    expect(lines[1]).toBe("loss   ⠒⠒ train 0.02500   ⠒ ⠒ validation 0.5000");
    expect(stream.text).toMatch(/[⠁-⣿]{3}/);
    expect(stream.text).toMatch(/^ +0 .* step$/m);
    expect(lines.slice(-7)).toEqual([
      "● limit reached: 4 epochs were made, as many as asked for",
      "         loss  accuracy",
      "───────────────────────",
      "train  0.2500    0.9600",
      "test   0.5000    0.9200",
      "40 steps in 4 epochs · 800 ms (50 steps/s)",
      "",
    ]);
    expect(stream.text).not.toContain("\x1b");
  });

  test("gets ASCII alone where the locale is not UTF-8", async () => {
    vi.stubEnv("LC_ALL", "C");
    const stream = new FakeStream();
    const classes = { ...runStart, data: { ...runStart.data, name: "größe" } };
    const reporter = await report(stream, [classes, ...wholeRun().slice(1, -1), landscape, runEnd]);
    await reporter.end!(1000);
    expect(stream.text).toMatch(/^[\x20-\x7e\n]+$/);
    expect(stream.text).toContain("gr\\xf6\\xdfe");
  });

  test("gets the first hundred epochs, then one a second, and the last", async () => {
    const stream = new FakeStream();
    const epochs = Array.from({ length: 550 }, (_, i) => epoch(i + 1, { step: i + 1 }));
    const plan = { batchSize: 320, stepsPerEpoch: 1, epochs: 550 };
    const reporter = await report(
      stream,
      [{ ...runStart, plan }, ...epochs, { ...runEnd, steps: 550, epochs: 550 }],
      {
        everyMs: 10,
      },
    );
    const numbers = () =>
      [...stream.text.matchAll(/^epoch +(\d+)\/550/gm)].map(([, number]) => Number(number));
    // 10 ms an epoch: a second is a hundred.
    expect(numbers()).toEqual([...Array.from({ length: 100 }, (_, i) => i + 1), 200, 300, 400, 500]);
    await reporter.end!(1000);
    expect(numbers().slice(-2)).toEqual([500, 550]);
  });

  test("is told of notices, each once", async () => {
    const stream = new FakeStream();
    const dropped = { type: "notice", level: "warning", message: "2 rows dropped" } as const;
    await report(stream, [dropped, runStart, dropped, epoch(1), dropped]);
    expect(stream.text.match(/warning: 2 rows dropped\n/g)).toHaveLength(1);
  });
});

describe("a terminal", () => {
  test("shows one line, redrawn in place, below the run's first", async () => {
    const stream = new FakeStream(size);
    await report(stream, wholeRun().slice(0, -2));
    const { lines, scrolledAway } = await screenOf(stream.text, size);
    expect(scrolledAway).toEqual([]);
    expect(lines).toEqual([
      "mlp on digits (320 rows) · adamw · js float32 · seed 7",
      expect.stringMatching(/^epoch 4\/4 .* loss 0\.02\d+ .* left$/),
    ]);
  });

  test("is redrawn ten times a second at most", async () => {
    const stream = new FakeStream(size);
    const steps = Array.from({ length: 1000 }, (_, i) => step(i + 1, { epoch: 1 }));
    // 1000 steps in 1000 ms.
    await report(stream, [runStart, ...steps], { everyMs: 1 });
    const drawn = stream.writes.filter((text) => text.includes("loss")).length;
    expect(drawn).toBeGreaterThanOrEqual(9);
    expect(drawn).toBeLessThanOrEqual(11);
  });

  test("shows notices above the line, each once", async () => {
    const stream = new FakeStream(size);
    const notice = { type: "notice", level: "info", message: "wasm has no SIMD here" } as const;
    await report(stream, [runStart, step(1), notice, step(10), notice, step(20)], { everyMs: 200 });
    const { lines } = await screenOf(stream.text, size);
    expect(lines.slice(1)).toEqual(["note: wasm has no SIMD here", expect.stringContaining("step 20/40")]);
  });

  test("has the summary in place of the line at the end, and its cursor again", async () => {
    const stream = new FakeStream(size);
    const reporter = await report(stream, wholeRun());
    expect(stream.text.startsWith("\x1b[?25l")).toBe(true);
    expect(stream.text).not.toContain("\x1b[?25h");
    await reporter.end!(1000);
    expect(stream.text.lastIndexOf("\x1b[?25h")).toBeGreaterThan(stream.text.lastIndexOf("\x1b[?25l"));
    const { lines } = await screenOf(stream.text, size);
    expect(lines[0]).toBe("mlp on digits (320 rows) · adamw · js float32 · seed 7");
    expect(lines[2]).toMatch(/^loss .* train 0\.02500 .* validation 0\.5000$/);
    expect(lines.join("\n")).not.toContain("epoch 4/4");
    expect(lines.at(-1)).toBe("40 steps in 4 epochs · 800 ms (50 steps/s)");
  });

  test("keeps the line, and gets its cursor again, where the run ends without a word", async () => {
    const stream = new FakeStream(size);
    const reporter = await report(stream, wholeRun().slice(0, -1));
    await reporter.end!(1000);
    expect(stream.text.endsWith("\x1b[?25h")).toBe(true);
    const { lines } = await screenOf(stream.text, size);
    expect(lines.at(-1)).toMatch(/^epoch 4\/4 /);
    expect(lines).toHaveLength(2);
  });

  test.each([20, 33, 50, 79])("of %d columns has no line broken in two", async (columns) => {
    const stream = new FakeStream({ columns, rows: 30 });
    await report(stream, [step(1), step(10), epoch(1), step(16)], { everyMs: 200 });
    stream.text = "";
    const reporter = await report(stream, [runStart, step(1), step(10), epoch(1), step(16)], {
      everyMs: 200,
    });
    const { lines } = await screenOf(stream.text, { columns, rows: 30 });
    const [last] = lines.slice(-1);
    expect(last).toMatch(/loss/);
    expect(displayWidth(last!)).toBeLessThan(columns);
    // The first line may be broken; below it there is the one line alone.
    expect(lines.filter((line) => line.includes("loss"))).toHaveLength(1);
    await reporter.end!(1000);
  });

  test("made narrower or wider is drawn anew at once, and nothing of the old line stays", async () => {
    const stream = new FakeStream(size);
    await report(stream, [runStart, step(1), step(10), epoch(1), step(16)], { everyMs: 200 });
    const screen = createScreen(size);
    await screen.write(stream.text);
    for (const columns of [40, 100, 30]) {
      // The terminal breaks its lines anew; then it tells the process.
      screen.resize({ columns, rows: 40 });
      stream.columns = columns;
      const from = stream.text.length;
      stream.emit("resize");
      await screen.write(stream.text.slice(from));
      const { lines, scrolledAway } = screen.read();
      expect(scrolledAway).toEqual([]);
      expect(lines.join("")).toMatch(/^mlp on digits \(320 rows\) · adamw · js float32 · seed 7epoch 2\/4 /);
      expect(lines.join("").match(/epoch/g)).toHaveLength(1);
      expect(lines.filter((line) => line.includes("loss"))).toHaveLength(1);
    }
    screen.dispose();
  });

  test("shows the curve while the run goes on where that is asked for", async () => {
    const stream = new FakeStream(size);
    await report(stream, wholeRun().slice(0, -1), { plot: true });
    const { lines, scrolledAway } = await screenOf(stream.text, size);
    expect(scrolledAway).toEqual([]);
    expect(lines).toHaveLength(1 + 12 + 1);
    expect(lines[1]).toMatch(/^loss/);
    expect(lines.slice(2, 11).join("")).toMatch(/[⠁-⣿]/);
    expect(lines.at(-1)).toMatch(/^epoch 4\/4/);
  });

  test("too low for the curve shows the line alone", async () => {
    const low = { columns: 80, rows: 10 };
    const stream = new FakeStream(low);
    await report(stream, wholeRun().slice(0, -1), { plot: true });
    const { lines } = await screenOf(stream.text, low);
    expect(lines).toHaveLength(2);
  });

  test("is not written to while it has not taken what it got", async () => {
    const stuck = new (class extends FakeStream {
      override _write() {}
    })(size);
    const reporter = terminal({ stream: stuck, now: () => 0 });
    reporter.on(runStart);
    stuck.write("x".repeat(100_000));
    const before = stuck.writableLength;
    let time = 0;
    const late = terminal({ stream: stuck, now: () => (time += 1000) });
    for (let i = 1; i < 100; i++) late.on(step(i));
    // The cursor is hidden, and nothing is drawn.
    expect(stuck.writableLength - before).toBeLessThan(10);
    await Promise.all([reporter.end!(5), late.end!(5)]);
  });

  test.each([
    ["NO_COLOR", "1", false],
    ["FORCE_COLOR", "1", true],
  ])("under %s=%s has colour: %s", async (name, value, colored) => {
    vi.stubEnv(name, value);
    const stream = new FakeStream(size);
    const reporter = await report(stream, wholeRun());
    await reporter.end!(1000);
    expect(stream.text.includes("\x1b[36m")).toBe(colored);
  });

  test("that is dumb gets lines", async () => {
    vi.stubEnv("TERM", "dumb");
    const stream = new FakeStream(size);
    const reporter = await report(stream, wholeRun());
    await reporter.end!(1000);
    expect(stream.text).not.toContain("\x1b");
    expect(stream.text.match(/^epoch/gm)).toHaveLength(4);
  });
});

describe("any stream", () => {
  test.each([undefined, size])(
    "gets nothing after run-end but from end, and nothing after that (%o)",
    async (of) => {
      const stream = new FakeStream(of);
      const reporter = await report(stream, wholeRun(), { everyMs: 200 });
      const before = stream.text;
      for (const event of [step(99), epoch(9), landscape, { ...runEnd, steps: 99 }]) reporter.on(event);
      reporter.on({ type: "notice", level: "warning", message: "late" });
      stream.emit("resize");
      expect(stream.text).toBe(before);
      await reporter.end!(1000);
      expect(stream.text.length).toBeGreaterThan(before.length);
      expect(stream.text).not.toContain("99");
      const after = stream.text;
      reporter.on(step(99));
      await reporter.end!(1000);
      stream.emit("resize");
      expect(stream.text).toBe(after);
    },
  );

  test("may show another run after the first", async () => {
    const stream = new FakeStream();
    const reporter = await report(stream, wholeRun());
    await reporter.end!(1000);
    stream.text = "";
    for (const event of wholeRun()) reporter.on(event);
    await reporter.end!(1000);
    expect(stream.text.match(/^epoch/gm)).toHaveLength(4);
    expect(stream.text).toContain("40 steps in 4 epochs");
  });

  test("that fails does not disturb the run, and hears no more", async () => {
    const closed = new Writable({ write: (_chunk, _encoding, done) => done(new Error("EPIPE")) });
    const reporter = terminal({ stream: closed });
    for (const event of wholeRun()) {
      reporter.on(event);
      await new Promise(setImmediate);
    }
    await reporter.end!(1000);
    await new Promise(setImmediate);
    expect(closed.listenerCount("error")).toBe(0);
  });

  test("that is slow is waited for as long as asked, and no longer", async () => {
    const slow = new Writable({ write() {} });
    const reporter = terminal({ stream: slow });
    for (const event of wholeRun()) reporter.on(event);
    const from = performance.now();
    await reporter.end!(50);
    expect(performance.now() - from).toBeGreaterThan(40);
    expect(performance.now() - from).toBeLessThan(1000);
  });

  test("keeps no listener of ours", async () => {
    const stream = new PassThrough();
    const reporter = terminal({ stream });
    for (const event of wholeRun()) reporter.on(event);
    stream.resume();
    await reporter.end!(1000);
    await new Promise(setImmediate);
    expect(stream.listenerCount("error") + stream.listenerCount("resize")).toBe(0);
  });

  test("gets the landscape that the run told, with its path and labels", async () => {
    const stream = new FakeStream();
    const reporter = await report(stream, [...wholeRun().slice(0, -1), landscape, runEnd]);
    await reporter.end!(1000);
    expect(stream.text).toMatch(/^bowl {3}\* adamw\nbias\n/m);
    expect(stream.text).toMatch(/ weight\nlevels [\d., ]+$/m);
    expect(stream.text).toContain("●");
  });

  test("gets a landscape from a file, its arrays in base64", async () => {
    const inMemory = new FakeStream();
    const fromFile = new FakeStream();
    const data = Object.fromEntries(
      Object.entries(landscape.data).map(([name, packed]) => {
        const { buffer, byteOffset, byteLength } = packed.data as Float64Array;
        return [name, { ...packed, data: Buffer.from(buffer, byteOffset, byteLength).toString("base64") }];
      }),
    );
    for (const [stream, figure] of [
      [inMemory, landscape],
      [fromFile, { ...landscape, data }],
    ] as const) {
      const reporter = await report(stream, [runStart, figure, runEnd]);
      await reporter.end!(1000);
    }
    expect(fromFile.text).toContain("bowl");
    expect(fromFile.text).toBe(inMemory.text);
  });

  test("speaks of a minimisation without rows and epochs", async () => {
    const stream = new FakeStream();
    const start = {
      ...runStart,
      model: { ...runStart.model, name: "bowl" },
      data: { name: "bowl", rows: 0, features: [], target: "" },
      plan: { batchSize: 0, stepsPerEpoch: 0, steps: 3 },
    };
    const steps = [1, 2, 3].map((number) => step(number, { epoch: 0 }));
    const status = { ...runEnd.status, why: "3 steps were made" };
    const end = { ...runEnd, status, metrics: {}, steps: 3, epochs: 0, evaluations: 7 };
    const reporter = await report(stream, [start, ...steps, end]);
    await reporter.end!(1000);
    expect(stream.text).toMatch(/^bowl · adamw · /);
    expect(stream.text).toContain("\n3 steps · 7 evaluations · 800 ms");
    expect(stream.text).not.toMatch(/epoch|row/);
  });

  test("is told why a landscape cannot be drawn, and gets the summary all the same", async () => {
    const stream = new FakeStream();
    const { z: _, ...without } = landscape.data;
    const reporter = await report(stream, [runStart, { ...landscape, data: without }, runEnd]);
    await reporter.end!(1000);
    expect(stream.text).toContain('figure "bowl" not drawn: RangeError: landscapeFigure:');
    expect(stream.text).toContain("lacks z");
    expect(stream.text).toContain("● limit reached");
  });

  test.each([undefined, size])("shows text from data and obeys none of it (%o)", async (of) => {
    const evil = "\x1b[2J\x1b]0;owned\x07\u202e\r\n";
    const metrics = { [evil]: { [evil]: 1 } };
    const stream = new FakeStream(of);
    const reporter = await report(
      stream,
      [
        {
          ...runStart,
          run: evil,
          engine: { name: evil, dtype: evil, notes: [evil] },
          optimizer: { ...runStart.optimizer, name: evil },
          model: { ...runStart.model, name: evil },
          data: { ...runStart.data, name: evil, features: [evil], target: evil, classes: [evil] },
        },
        { type: "notice", level: "warning", message: evil },
        step(1),
        epoch(1, { metrics }),
        { type: "checkpoint", step: 10, path: evil },
        { ...landscape, title: evil, labels: { x: evil, y: evil, path: evil } },
        { ...runEnd, metrics, status: { ...runEnd.status, why: evil } },
      ],
      { everyMs: 200 },
    );
    await reporter.end!(1000);
    for (const piece of ["\x1b[2J", "\x1b]", "\x07", "\u202e", "\r\n"])
      expect(stream.text).not.toContain(piece);
    expect(stream.text).toContain("\\x1b[2J\\x1b]0;owned\\x07\\u{202e}\\r\\n");
  });
});

test("writes to stderr by default, and nothing to stdout", async () => {
  const [out, err] = [vi.spyOn(process.stdout, "write"), vi.spyOn(process.stderr, "write")];
  err.mockImplementation((_text: unknown, done?: unknown) => {
    if (typeof done === "function") done();
    return true;
  });
  const reporter = terminal();
  for (const event of wholeRun()) reporter.on(event);
  await reporter.end!(1000);
  const written = err.mock.calls.length;
  err.mockRestore();
  const toStdout = out.mock.calls.filter(([text]) => String(text).includes("digits"));
  out.mockRestore();
  expect(written).toBeGreaterThan(2);
  expect(toStdout).toEqual([]);
});

test("wants no probe, and steps not more often than every 10 ms", () => {
  const { wants, steps } = terminal();
  expect(wants).toBeUndefined();
  expect(steps).toEqual({ everyMs: 10 });
});
