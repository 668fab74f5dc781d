import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { downhill, emptyFolder, start } from "./testing/downhill.js";

const long = "train mlp --data digits --epochs 20 --hidden 16 --seed 3 --quiet";

/** Events without what depends on the clock. */
function timeless(folder: string, name: string) {
  const lines = readFileSync(join(folder, name), "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.stringify({ ...JSON.parse(line), timeMs: 0, time: "", run: "", path: "" }));
}

/** Starts a run and interrupts it when it has learned for a while. */
async function interrupt(folder: string, command: string, signal: NodeJS.Signals) {
  const { child, ended } = start(folder, `${command} --json`);
  await new Promise<void>((resolve) => {
    child.stdout.on("data", (chunk) => {
      if (String(chunk).includes('"step"')) resolve();
    });
  });
  await sleep(100);
  child.kill(signal);
  return ended;
}

it.each(["SIGINT", "SIGTERM"] as const)(
  "%s writes a checkpoint, exits with 130, and the run can go on",
  async (signal) => {
    const [whole, broken] = [emptyFolder(), emptyFolder()];
    const files = "--checkpoint run.checkpoint --events run.ndjson --save m.safetensors";
    const uninterrupted = downhill(whole, `${long} ${files}`);
    const { exitCode, stderr, events } = await interrupt(broken, `${long} ${files}`, signal);
    expect(exitCode).toBe(130);
    expect(stderr).toBe("Interrupted. To go on, add --resume run.checkpoint\n");
    expect(events.at(-1).status).toMatchObject({ kind: "stopped", why: expect.stringContaining(signal) });
    expect(existsSync(join(broken, "m.safetensors"))).toBe(false);

    expect(await downhill(broken, `${long} ${files} --resume`)).toMatchObject({ exitCode: 0, stderr: "" });
    await uninterrupted;
    expect(readFileSync(join(broken, "m.safetensors"))).toEqual(readFileSync(join(whole, "m.safetensors")));
    expect(timeless(broken, "run.ndjson").filter((line) => line.includes('"step"'))).toEqual(
      timeless(whole, "run.ndjson").filter((line) => line.includes('"step"')),
    );
  },
);

it("a run that was not asked to keep checkpoints keeps one when it is interrupted, and none otherwise", async () => {
  const folder = emptyFolder();
  const { exitCode, stderr } = await interrupt(folder, `${long} --epochs 1000`, "SIGINT");
  expect(exitCode).toBe(130);
  const [file, ...others] = readdirSync(folder);
  expect(others).toEqual([]);
  expect(stderr).toContain(`--resume ${file}`);
  const { child, ended } = start(folder, `${long} --epochs 1000 --json --resume ${file}`);
  child.stdout.once("data", () => child.kill("SIGINT"));
  expect((await ended).events[0].from).toBeGreaterThan(0);

  const other = emptyFolder();
  const { events } = await downhill(other, "train mlp --data iris --epochs 1 --json --quiet");
  expect(readdirSync(other)).toEqual([]);
  expect(events.map(({ type }) => type)).not.toContain("checkpoint");
});

it("a run whose settings, model or data changed is not resumed, and its checkpoint stays", async () => {
  const folder = emptyFolder();
  const base = "train mlp --data iris --epochs 2 --quiet --checkpoint c";
  await downhill(folder, base);
  const before = readFileSync(join(folder, "c"));
  for (const change of ["--lr 0.5", "--hidden 7", "--schedule constant"]) {
    const { exitCode, stderr } = await downhill(folder, `${base} --resume ${change}`);
    expect(exitCode, change).toBe(1);
    expect(stderr).toMatch(/^downhill: checkpoint c: it belongs to another run: .* was .* and is now .*\n$/);
  }
  const other = await downhill(folder, base.replace("iris", "digits").concat(" --resume"));
  expect(other.exitCode).toBe(1);
  expect(readFileSync(join(folder, "c"))).toEqual(before);
});

it("a truncated, altered or foreign checkpoint is refused, and nothing is overwritten", async () => {
  const folder = emptyFolder();
  const base = "train mlp --data iris --epochs 2 --quiet";
  await downhill(folder, `${base} --checkpoint c`);
  const bytes = readFileSync(join(folder, "c"));
  const altered = Buffer.from(bytes);
  altered[bytes.length - 5]! ^= 1;
  const files = { truncated: bytes.subarray(0, 500), altered, foreign: Buffer.from("a,b\n1,2\n3,4\n") };
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), content);
    for (const how of [`--resume ${name}`, `--checkpoint ${name}`]) {
      const { exitCode, stderr } = await downhill(folder, `${base} ${how}`);
      expect(exitCode, how).toBe(1);
      expect(stderr).toMatch(new RegExp(`^downhill: checkpoint ${name}: .*\n$`));
      expect(readFileSync(join(folder, name))).toEqual(content);
    }
  }
});

it("a checkpoint that is named must be there; one that may be there need not", async () => {
  const folder = emptyFolder();
  const named = await downhill(folder, "train mlp --data iris --epochs 1 --quiet --resume nowhere");
  expect(named).toMatchObject({ exitCode: 1, stderr: "downhill: nowhere: no such file or directory.\n" });
  const may = await downhill(
    folder,
    "train mlp --data iris --epochs 1 --json --quiet --checkpoint c --resume",
  );
  expect(may.exitCode).toBe(0);
  expect(may.events[0].from).toBe(0);
});
