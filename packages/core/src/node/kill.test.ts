import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeSafetensors } from "../train/safetensors.js";
import { readEvents } from "./read-events.js";

/** Steps of the whole run. */
const steps = 120;
let root: string;
let child: string;
let expected: Awaited<ReturnType<typeof endOf>>;

interface Ended {
  readonly steps: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Runs the training in a folder; kills it when it has told so many steps. */
function run(folder: string, { after = Infinity, args = [] as readonly string[] } = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const running: ChildProcess = spawn(process.execPath, [child, ...args], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let told = 0;
    running.stdout!.on("data", (dots: Buffer) => {
      told += dots.length;
      if (told >= after) running.kill("SIGKILL");
    });
    running.on("error", reject);
    running.on("close", (code, signal) => resolve({ steps: told, code, signal }));
  });
}

/** All that a run leaves, without times and what is made of them. */
async function endOf(folder: string) {
  const { tensors, metadata } = decodeSafetensors(await readFile(join(folder, "run.ckpt")));
  const { "history/timeMs": _, ...bits } = tensors;
  const { progress, marks, ...rest } = JSON.parse(metadata.contents!);
  const { events, torn } = await readEvents(join(folder, "run.ndjson"));
  const { timeMs, ...place } = progress;
  const timeless = events.map((event) => ({ ...event, time: 0, timeMs: 0 }));
  return { bits, state: { ...rest, place }, events: timeless, torn, marks: Object.keys(marks) };
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "downhill-kill-"));
  child = join(root, "child.cjs");
  // Node 20 runs no TypeScript. As CommonJS, so that the child can put its death into node:fs.
  await build({
    configFile: false,
    logLevel: "error",
    build: {
      ssr: fileURLToPath(new URL("./kill-child.fixture.ts", import.meta.url)),
      outDir: root,
      emptyOutDir: false,
      rollupOptions: { output: { format: "cjs", entryFileNames: "child.cjs" } },
    },
  });
  const whole = join(root, "whole");
  await mkdir(whole);
  expect(await run(whole)).toEqual({ steps, code: 0, signal: null });
  expected = await endOf(whole);
}, 60_000);

afterAll(() => rm(root, { recursive: true, force: true }));

describe("a training that is killed and resumed", () => {
  const moments = Array.from({ length: 12 }, (_, i) => {
    const after = Math.round(((i + 0.5) / 12) * (steps - 8)) + 1;
    return { after, args: ["slow", String(after)] };
  });
  const stages = ["opened", "half-written", "written", "before-rename", "renamed"];
  const saves = stages.flatMap((stage, i) =>
    [1, 9 + i].map((save) => ({ after: Infinity, args: [stage, String(save)] })),
  );

  it("has the pieces that a run without interruption has", () => {
    expect(expected.torn).toBeUndefined();
    expect(expected.events.filter(({ type }) => type === "step")).toHaveLength(steps);
    expect(expected.events.at(-1)).toMatchObject({ type: "run-end", steps, status: { kind: "limit" } });
    expect(Object.keys(expected.bits)).toContain("learner/state/state.v/slope");
  });

  it.concurrent.each([...moments, ...saves])(
    "ends with the same bits: %j",
    async ({ after, args }) => {
      const folder = await mkdtemp(join(root, "killed-"));
      const killed = await run(folder, { after, args });
      expect(killed.signal).toBe("SIGKILL");
      expect(killed.steps).toBeLessThan(steps);
      const resumed = await run(folder);
      expect(resumed).toMatchObject({ code: 0, signal: null });
      expect(await endOf(folder)).toEqual(expected);
    },
    60_000,
  );

  it.concurrent("ends with the same bits when it is killed again and again", async () => {
    const folder = await mkdtemp(join(root, "again-"));
    const slow = { after: 18, args: ["slow", "18"] };
    for (let i = 0; i < 6; i++) expect((await run(folder, slow)).signal).toBe("SIGKILL");
    expect((await run(folder)).code).toBe(0);
    expect(await endOf(folder)).toEqual(expected);
  }, 60_000);
});
