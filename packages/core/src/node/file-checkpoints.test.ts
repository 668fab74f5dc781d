import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CheckpointError } from "../train/checkpoint-store.js";
import { gradientDescent, line, points } from "../train/train.fixture.js";
import { train } from "../train/train.js";
import { fileCheckpoints } from "./file-checkpoints.js";
import { reasonOf } from "./reason.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "downhill-checkpoints-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bytes = (text: string) => new TextEncoder().encode(text);

describe("fileCheckpoints", () => {
  it("gives back what was saved last, and leaves nothing else", async () => {
    const store = fileCheckpoints(join(folder, "runs", "a.ckpt"));
    expect(await store.load()).toBeUndefined();
    await store.save(bytes("one"));
    await store.save(bytes("two, longer"));
    expect(Buffer.from((await store.load())!).toString()).toBe("two, longer");
    expect(await readdir(join(folder, "runs"))).toEqual(["a.ckpt"]);
  });

  it("replaces what a killed process left unfinished", async () => {
    const path = join(folder, "a.ckpt");
    await writeFile(`${path}.tmp`, "half of a snapsh");
    const store = fileCheckpoints(path);
    expect(await store.load()).toBeUndefined();
    await store.save(bytes("whole"));
    expect(await readdir(folder)).toEqual(["a.ckpt"]);
    expect(await readFile(path, "utf8")).toBe("whole");
  });

  it.skipIf(!existsSync("/dev/full"))("keeps the one before when the disk is full, and says so", async () => {
    const path = join(folder, "a.ckpt");
    const store = fileCheckpoints(path);
    await store.save(bytes("before"));
    // Whatever is written to this device fails as on a full disk.
    await symlink("/dev/full", `${path}.tmp`);
    const error = await store.save(bytes("after")).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(CheckpointError);
    expect((error as Error).message).toBe(
      `checkpoint ${path}: it could not be saved: the disk is full (ENOSPC). What was saved before is intact.`,
    );
    expect(await readFile(path, "utf8")).toBe("before");
    expect(await readdir(folder)).toEqual(["a.ckpt"]);
  });

  it("says why a path cannot be used", async () => {
    await writeFile(join(folder, "file"), "");
    await mkdir(join(folder, "folder"));
    const below = fileCheckpoints(join(folder, "file", "a.ckpt"));
    await expect(below.save(bytes("x"))).rejects.toThrow(/could not be saved: .*(EEXIST|ENOTDIR)/);
    await expect(fileCheckpoints(join(folder, "folder")).load()).rejects.toThrow(
      "could not be read: it is a folder (EISDIR)",
    );
    await expect(fileCheckpoints(join(folder, "folder")).save(bytes("x"))).rejects.toThrow(CheckpointError);
  });

  it.skipIf(!existsSync("/sys/kernel"))("says that there is no permission", async () => {
    // Nobody may write here, not even root.
    const store = fileCheckpoints("/sys/kernel/a.ckpt");
    await expect(store.save(bytes("x"))).rejects.toThrow(
      "checkpoint /sys/kernel/a.ckpt: it could not be saved: there is no permission",
    );
  });

  it("ends a training whose checkpoint cannot be saved, with path and reason", async () => {
    await writeFile(join(folder, "file"), "");
    const checkpoint = { store: fileCheckpoints(join(folder, "file", "a.ckpt")), everySteps: 2 };
    const options = { data: points(40), optimizer: gradientDescent(), epochs: 2 };
    await expect(train(line, { ...options, checkpoint })).rejects.toThrow(CheckpointError);
  });

  it("never has a training overwrite a file that is no checkpoint", async () => {
    const path = join(folder, "penguins.csv");
    await writeFile(path, "species,island\nAdelie,Dream\n");
    const options = {
      data: points(40),
      optimizer: gradientDescent(),
      epochs: 2,
      checkpoint: { store: fileCheckpoints(path) },
    };
    await expect(train(line, options)).rejects.toThrow(
      /penguins\.csv: .*Is this a safetensors file\?.* Nothing was overwritten/,
    );
    await expect(train(line, { ...options, resume: true })).rejects.toThrow(CheckpointError);
    expect(await readFile(path, "utf8")).toBe("species,island\nAdelie,Dream\n");
  });
});

describe("reasonOf", () => {
  it("puts the system's codes into words, and leaves other errors as they are", () => {
    expect(reasonOf(Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" }))).toBe(
      "there is no permission (EACCES)",
    );
    expect(reasonOf(Object.assign(new Error("EWEIRD: odd"), { code: "EWEIRD" }))).toBe("EWEIRD: odd");
    expect(reasonOf(new Error("plain"))).toBe("plain");
  });
});
