import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Event } from "@downhill/core/train";
import { reporterSuite } from "@downhill/testing";
import { afterAll, describe, expect, it, test } from "vitest";
import { everyKind } from "../fixtures/every-kind.js";
import { readEvents, series } from "../testing/read-events.js";
import { tensorboard } from "./tensorboard.js";

const root = mkdtempSync(join(tmpdir(), "tensorboard-"));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;
const newFolder = () => join(root, "runs", String(folders++));
const filesOf = (folder: string) => readdirSync(folder).sort();
const read = (folder: string, name: string) => readEvents(readFileSync(join(folder, name)));

const [start, notice, , step] = everyKind() as [
  Event & { type: "run-start" },
  Event,
  Event,
  Event & { type: "step" },
];
const end = everyKind().at(-1)!;
const at = (n: number): Event => ({ ...step, step: n, value: n, probes: {}, timeMs: 10 * n });

describe("the reporters' suite", () => {
  for (const { title, run } of reporterSuite) {
    it(title, () =>
      run(() => {
        const path = newFolder();
        const text = () => filesOf(path).map((name) => readFileSync(join(path, name), "utf8"));
        return { reporter: tensorboard({ path }), written: () => text().join("") };
      }),
    );
  }
});

test("makes the folder, and a file whose name readers know and that says when the run began", () => {
  const path = newFolder();
  const reporter = tensorboard({ path });
  for (const event of everyKind()) reporter.on(event);
  reporter.end!(1000);
  expect(filesOf(path)).toEqual([`events.out.tfevents.${Date.UTC(2026, 0, 2, 3, 4, 5) / 1000}.downhill`]);
});

test("what has been told is in the file while the run goes on", () => {
  const path = newFolder();
  const reporter = tensorboard({ path });
  reporter.on(start);
  reporter.on(at(1));
  reporter.on(notice);
  expect(series(read(path, filesOf(path)[0]!), ({ number }) => number)["loss/step"]).toEqual([[1, 1]]);
  reporter.end!(1000);
});

test("a run that goes on has each step once: the old file is cut, a new one after it goes on", () => {
  const path = newFolder();
  const first = tensorboard({ path });
  for (const event of [start, notice, at(1), at(2)]) first.on(event);
  const mark = JSON.parse(JSON.stringify(first.mark!()));
  for (const event of [at(3), at(4), notice, end]) first.on(event);
  first.end!(1000);

  const second = tensorboard({ path });
  second.resume!(mark);
  for (const event of [{ ...start, from: 2 }, notice, at(3), at(4), end]) second.on(event);
  second.end!(1000);

  const [old, next] = filesOf(path);
  const events = [...read(path, old!), ...read(path, next!)];
  expect(statSync(join(path, old!)).size).toBe(mark.bytes);
  const all = series(events, ({ number }) => number);
  expect(all["loss/step"]).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 4],
  ]);
  expect(all["result/loss"]).toHaveLength(1);
  expect(all["_hparams_/session_end_info"]).toHaveLength(1);
  expect(Object.keys(all).filter((tag) => tag.startsWith("notices/"))).toEqual(["notices/1", "notices/2"]);
  expect(events.filter(({ restart }) => restart).map(({ step }) => step)).toEqual([0, 3]);
});

test("another run in a folder gets one of its own within, and goes on there", () => {
  const path = newFolder();
  const first = tensorboard({ path });
  first.on(start);
  first.end!(1000);
  const [file] = filesOf(path);
  const before = readFileSync(join(path, file!));

  const second = tensorboard({ path });
  for (const event of [start, at(1)]) second.on(event);
  const mark = JSON.parse(JSON.stringify(second.mark!()));
  second.on(at(2));
  second.end!(1000);
  const third = tensorboard({ path });
  third.on(start);
  third.end!(1000);
  const goesOn = tensorboard({ path });
  goesOn.resume!(mark);
  for (const event of [{ ...start, from: 1 }, at(2)]) goesOn.on(event);
  goesOn.end!(1000);

  expect(filesOf(path)).toEqual(["2", "3", file]);
  expect(readFileSync(join(path, file!))).toEqual(before);
  const own = join(path, "2");
  const events = filesOf(own).flatMap((name) => read(own, name));
  expect(series(events, ({ number }) => number)["loss/step"]).toEqual([
    [1, 1],
    [2, 2],
  ]);
  expect(filesOf(join(path, "3"))).toHaveLength(1);
});

test("a reporter that follows two runs gives each its folder", () => {
  const path = newFolder();
  const reporter = tensorboard({ path });
  for (const event of [start, at(1), end, start, at(2), end]) reporter.on(event);
  reporter.end!(1000);
  expect(filesOf(path)).toEqual(["2", expect.stringMatching(/^events/)]);
});

test("a file that is not the checkpoint's is left as it is", () => {
  const path = newFolder();
  const reporter = tensorboard({ path });
  reporter.on(start);
  const mark = reporter.mark!() as { file: string; bytes: number; notices: number };
  reporter.end!(1000);
  const fresh = tensorboard({ path });
  expect(() => fresh.resume!({ ...mark, bytes: mark.bytes + 1 })).toThrow(
    /has \d+ bytes, but the checkpoint knows of/,
  );
  expect(() => fresh.resume!("elsewhere")).toThrow(
    /no place in an event file: expected folder, file, bytes and notices, got "elsewhere"/,
  );
  expect(statSync(join(path, mark.file)).size).toBe(mark.bytes);
});

test("a file that is gone begins anew", () => {
  const path = newFolder();
  const reporter = tensorboard({ path });
  reporter.resume!({ folder: "", file: "events.out.tfevents.1000000000.downhill", bytes: 10, notices: 3 });
  reporter.on({ ...start, from: 2 });
  reporter.on(notice);
  reporter.end!(1000);
  expect(series(read(path, filesOf(path)[0]!), () => 0)["notices/4"]).toBeDefined();
});
