import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { terminalLook } from "./look.js";
import { clearTerminalEnvironment } from "./testing/environment.js";
import { FakeStream } from "./testing/streams.js";

const tty = () => new FakeStream({ columns: 100, rows: 30 });

beforeEach(clearTerminalEnvironment);
afterEach(() => {
  vi.unstubAllEnvs();
});

describe("a terminal", () => {
  test("is redrawn in place, as wide as it says, in the colours that TERM knows", () => {
    vi.stubEnv("TERM", "xterm-256color");
    expect(terminalLook(tty())).toEqual({ width: 100, color: 2, braille: true, interactive: true });
    vi.stubEnv("COLORTERM", "truecolor");
    expect(terminalLook(tty()).color).toBe(3);
    vi.stubEnv("COLORTERM", undefined);
    vi.stubEnv("TERM", "xterm");
    expect(terminalLook(tty()).color).toBe(1);
  });

  test("has no colour under NO_COLOR", () => {
    vi.stubEnv("NO_COLOR", "1");
    expect(terminalLook(tty())).toMatchObject({ color: 0, interactive: true });
  });

  test("is not redrawn, and has no colour, where it is dumb", () => {
    vi.stubEnv("TERM", "dumb");
    expect(terminalLook(tty())).toMatchObject({ color: 0, interactive: false });
  });

  test("is a log under CI", () => {
    vi.stubEnv("CI", "true");
    expect(terminalLook(tty()).interactive).toBe(false);
  });

  test("that does not know its width is 80 columns wide", () => {
    expect(terminalLook(new FakeStream({ columns: 0, rows: 0 })).width).toBe(80);
  });
});

describe("a pipe", () => {
  test("is not redrawn and has no colour, unless FORCE_COLOR says so", () => {
    expect(terminalLook(new PassThrough())).toEqual({
      width: 80,
      color: 0,
      braille: true,
      interactive: false,
    });
    vi.stubEnv("FORCE_COLOR", "1");
    expect(terminalLook(new PassThrough())).toMatchObject({ color: 1, interactive: false });
    vi.stubEnv("FORCE_COLOR", "3");
    expect(terminalLook(new PassThrough()).color).toBe(3);
    vi.stubEnv("FORCE_COLOR", "0");
    expect(terminalLook(new PassThrough()).color).toBe(0);
  });

  test("is as wide as COLUMNS says", () => {
    vi.stubEnv("COLUMNS", "132");
    expect(terminalLook(new PassThrough()).width).toBe(132);
  });
});

describe("the locale", () => {
  test.each([
    [{ LANG: "en_US.UTF-8" }, true],
    [{ LANG: "C.utf8" }, true],
    [{ LANG: "de_DE.ISO-8859-1" }, false],
    [{ LC_ALL: "C", LANG: "en_US.UTF-8" }, false],
    [{ LC_CTYPE: "POSIX", LANG: "en_US.UTF-8" }, false],
    [{ LC_ALL: "", LANG: "en_US.UTF-8" }, true],
    [{}, true],
  ])("%o: braille %s", (env, braille) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    expect(terminalLook(tty()).braille).toBe(braille);
  });

  test("the console of Linux has no braille", () => {
    vi.stubEnv("TERM", "linux");
    expect(terminalLook(tty()).braille).toBe(false);
  });
});
