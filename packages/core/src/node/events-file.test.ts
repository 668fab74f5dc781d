import { existsSync } from "node:fs";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Event } from "../train/events.js";
import { gradientDescent, line, listener, points } from "../train/train.fixture.js";
import { train } from "../train/train.js";
import { csvReporter } from "./csv-reporter.js";
import { fileCheckpoints } from "./file-checkpoints.js";
import { ndjsonReporter } from "./ndjson-reporter.js";
import { readEvents } from "./read-events.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "downhill-events-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const options = {
  data: points(64, 1, { noise: 0.5 }),
  validation: points(20, 2),
  optimizer: gradientDescent({ learningRate: 0.1 }),
  batchSize: 16,
  epochs: 3,
};
const timeless = (events: readonly Event[]) => events.map((event) => ({ ...event, time: 0, timeMs: 0 }));

describe("ndjsonReporter", () => {
  it("writes a file that reads back as the events told", async () => {
    const path = join(folder, "runs", "a.ndjson");
    const wants = { gradientNorm: "always", parameters: { every: 5 } } as const;
    const { events, reporter } = listener({ wants });
    await train(line, {
      ...options,
      reporters: [reporter, ndjsonReporter(path, { steps: "always", wants })],
    });
    const read = await readEvents(path);
    expect(read).toEqual({ events });
    expect(events.some((event) => event.type === "step" && event.probes?.parameters)).toBe(true);
  });

  it("keeps numbers that JSON has not", async () => {
    const path = join(folder, "a.ndjson");
    const wild = gradientDescent({ learningRate: 1e30 });
    await train(line, {
      ...options,
      optimizer: wild,
      reporters: [ndjsonReporter(path, { steps: "always" })],
    });
    const values = (await readEvents(path)).events.flatMap((event) =>
      event.type === "step" ? [event.value] : [],
    );
    expect(["Infinity", "NaN"]).toContain(values.at(-1));
  });

  it("begins a file anew for a new run", async () => {
    const path = join(folder, "a.ndjson");
    await writeFile(path, "what was there before\n".repeat(1000));
    const reporter = ndjsonReporter(path);
    await train(line, { ...options, reporters: [reporter] });
    const once = await readEvents(path);
    await train(line, { ...options, reporters: [reporter] });
    expect((await readEvents(path)).events).toHaveLength(once.events.length);
  });

  it("goes on with its file from a checkpoint, as if there had been no interruption", async () => {
    const paths = {
      whole: join(folder, "whole.ndjson"),
      parts: join(folder, "parts.ndjson"),
      csv: join(folder, "a.csv"),
      wholeCsv: join(folder, "whole.csv"),
    };
    const given = { ...options, epochs: 8, name: "run" };
    const file = (path: string) => ndjsonReporter(path, { steps: { every: 5 } });
    await train(line, { ...given, reporters: [file(paths.whole), csvReporter(paths.wholeCsv)] });
    const checkpoint = { store: fileCheckpoints(join(folder, "a.ckpt")) };
    for (const stop of [3, 9, 18, Infinity]) {
      const reporters = [file(paths.parts), csvReporter(paths.csv)];
      const run = train(line, { ...given, checkpoint, resume: true, reporters });
      for await (const { step } of run) if (step === stop) break;
      await run;
    }
    const [whole, parts] = await Promise.all([readEvents(paths.whole), readEvents(paths.parts)]);
    // The notice that there was no checkpoint yet, and the last checkpoint, are what the uninterrupted run has not.
    const common = parts.events.filter(({ type }) => type !== "notice" && type !== "checkpoint");
    expect(timeless(common)).toEqual(timeless(whole.events));
    const table = async (path: string) => (await readFile(path, "utf8")).replace(/^((\d+,){2})[^,]*/gm, "$1");
    expect(await table(paths.csv)).toBe(await table(paths.wholeCsv));
    expect((await table(paths.csv)).split("\n")).toHaveLength(10);
  });

  it("drops what came after the checkpoint at once, before it goes on", async () => {
    const path = join(folder, "a.ndjson");
    const notice = (message: string): Event => ({ type: "notice", level: "info", message });
    const first = ndjsonReporter(path);
    first.on(notice("before"));
    const mark = first.mark!();
    first.on(notice("a long line that must not show after the shorter ones"));
    await first.end!(1000);
    const second = ndjsonReporter(path);
    second.resume!(mark);
    expect(await readFile(path, "utf8")).toBe('{"type":"notice","level":"info","message":"before"}\n');
    second.on(notice("after"));
    await second.end!(1000);
    expect((await readFile(path, "utf8")).trimEnd().split("\n")).toHaveLength(2);
  });

  it("does not touch a file that is not the one that the checkpoint knows", async () => {
    const path = join(folder, "a.ndjson");
    const checkpoint = { store: fileCheckpoints(join(folder, "a.ckpt")) };
    await train(line, { ...options, checkpoint, reporters: [ndjsonReporter(path, { steps: "always" })] });
    await writeFile(path, "something else\n");
    const result = await train(line, {
      ...options,
      epochs: 4,
      checkpoint,
      resume: true,
      reporters: [ndjsonReporter(path)],
    });
    expect(result.notices).toEqual([
      expect.stringMatching(
        /^Reporter ndjson failed to go back to its place: .*a\.ndjson is not the file that the checkpoint knows.* It is dropped\.$/,
      ),
    ]);
    expect(await readFile(path, "utf8")).toBe("something else\n");
    await rm(path);
    await train(line, { ...options, epochs: 5, checkpoint, resume: true, reporters: [ndjsonReporter(path)] });
  });

  it.skipIf(!existsSync("/dev/full"))("is dropped, and says why, when the disk is full", async () => {
    const result = await train(line, { ...options, reporters: [ndjsonReporter("/dev/full")] });
    expect(result.notices).toEqual([
      "Reporter ndjson failed at run-start: /dev/full could not be written: the disk is full (ENOSPC). It is dropped.",
    ]);
    expect(result.status.kind).toBe("limit");
  });

  it("writes to a stream, which stays its owner's", async () => {
    const stream = new PassThrough();
    let text = "";
    stream.on("data", (chunk: Buffer) => {
      text += chunk;
    });
    const { events, reporter } = listener();
    await train(line, { ...options, reporters: [reporter, ndjsonReporter(stream, { steps: "always" })] });
    expect(
      text
        .trimEnd()
        .split("\n")
        .map((row) => JSON.parse(row)),
    ).toEqual(JSON.parse(JSON.stringify(events)));
    expect(stream.writableEnded).toBe(false);
  });

  it("is dropped when its stream breaks, and the run goes on", async () => {
    const stream = new PassThrough();
    stream.destroy(new Error("The pipe is closed."));
    const run = train(line, { ...options, reporters: [ndjsonReporter(stream, { steps: "always" })] });
    for await (const _ of run);
    expect((await run).notices).toEqual([expect.stringContaining("Reporter ndjson failed")]);
  });
});

describe("csvReporter", () => {
  it("writes a row for each epoch, with gaps where nothing was evaluated", async () => {
    const path = join(folder, "a.csv");
    const result = await train(line, {
      ...options,
      epochs: 4,
      evaluateEvery: 2,
      reporters: [csvReporter(path)],
    });
    const [header, ...rows] = (await readFile(path, "utf8")).trimEnd().split("\n");
    expect(header).toBe("epoch,step,timeMs,train.loss,validation.loss,validation.mae");
    expect(rows.map((row) => row.split(",").map((cell) => (cell === "" ? undefined : Number(cell))))).toEqual(
      result.history.map(({ epoch, step, timeMs, loss, validation }) => [
        epoch,
        step,
        timeMs,
        loss,
        validation?.loss,
        validation?.mae,
      ]),
    );
    expect(rows[0]!.endsWith(",,")).toBe(true);
  });
});

describe("readEvents", () => {
  const written = async () => {
    const path = join(folder, "a.ndjson");
    await train(line, { ...options, reporters: [ndjsonReporter(path)] });
    return { path, lines: (await readFile(path, "utf8")).trimEnd().split("\n") };
  };

  it("leaves out a last line that is cut off, and says so", async () => {
    const { path, lines } = await written();
    const part = lines.slice(0, 3);
    await writeFile(path, `${part.join("\n")}\n${lines[3]!.slice(0, 20)}`);
    const { events, torn } = await readEvents(path);
    expect(events).toHaveLength(3);
    expect(torn).toBe(`Line 4 of ${path} is cut off after 20 characters and was left out.`);
  });

  it.each<[string, (lines: string[]) => string[], string]>([
    ["a line that is no JSON", ([a, , ...rest]) => [a!, "{", ...rest], "line 2: this is no event of a run"],
    [
      "a line that is no event",
      ([a, , ...rest]) => [a!, '{"type":"stop"}', ...rest],
      "its type is none of run-start, step",
    ],
    ["a line without anything", ([a, ...rest]) => [a!, "", ...rest], "line 2: this is no event of a run"],
    ["no beginning", ([, ...rest]) => rest, "line 1: a run begins with run-start, not with step"],
    ["something after the end", (lines) => [...lines, lines[1]!], "step comes after the run's end"],
    ["nothing", () => [], "line 1: this is no event"],
  ])("refuses a file with %s", async (_, change, message) => {
    const { path, lines } = await written();
    await writeFile(path, `${change(lines).join("\n")}\n`);
    await expect(readEvents(path)).rejects.toThrow(message);
    await expect(readEvents(path)).rejects.toThrow(path);
  });

  it("refuses a file that is empty, or is not there", async () => {
    const path = join(folder, "none.ndjson");
    await expect(readEvents(path)).rejects.toThrow(
      `${path} could not be read: there is no such file or folder (ENOENT).`,
    );
    await appendFile(path, "");
    await expect(readEvents(path)).rejects.toThrow(`${path} has no events; it is empty.`);
  });
});
