import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, inject, onTestFinished } from "vitest";

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of stdout, read as JSON. */
  readonly events: readonly any[];
}

export interface Started {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
}

/** An empty folder that is gone after the test. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "downhill-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An empty folder that is gone after all tests of the file. */
export function lastingFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "downhill-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts the command line app in a folder, with nothing of this process's terminal. */
export function start(folder: string, command: string, env: NodeJS.ProcessEnv = {}): Started {
  const child = spawn(process.execPath, [inject("cli"), ...command.split(" ")], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, LANG: "C.UTF-8", ...env },
  });
  child.stdin.end();
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (exitCode) => {
      const read = () =>
        stdout
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line));
      resolve({
        exitCode,
        stdout,
        stderr,
        get events() {
          return read();
        },
      });
    });
  });
  return { child, ended };
}

/** Runs the app to its end. */
export function downhill(folder: string, command: string, env?: NodeJS.ProcessEnv): Promise<Ended> {
  return start(folder, command, env).ended;
}
