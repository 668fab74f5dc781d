import { createWriteStream, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { csvReporter, ndjsonReporter } from "@downhill/core/node";
import type { Reporter } from "@downhill/core/train";
import { html } from "@downhill/reporter-html";
import { tensorboard } from "@downhill/reporter-tensorboard/node";
import { terminal } from "@downhill/reporter-terminal";

/** A reporter as it may stand in a training. */
export interface ReporterCase {
  readonly name: string;
  /** Most that it may cost, as a share of a step. */
  readonly goal: number;
  readonly make: () => readonly Reporter[];
}

/** Most that each may cost. */
export const everyStep = 0.05;
export const byDefault = 0.01;

/** Reporters that write into a folder; the terminal's is a device that takes all there is. */
export function reporterCases(folder = mkdtempSync(join(tmpdir(), "downhill-bench-"))): ReporterCase[] {
  const path = (name: string) => join(folder, name);
  const screen = () => Object.assign(createWriteStream("/dev/null"), { isTTY: true, columns: 100, rows: 40 });
  const steps = "always";
  // A training that has every other turn sees the clock go twice as fast. What comes many times in a turn does not mind.
  const probes = { histograms: { everyMs: 1000 }, trainMetrics: 0.001 } as const;
  const always: Readonly<Record<string, () => Reporter>> = {
    // What is told costs something, whoever hears it.
    nobody: () => ({ name: "nobody", steps, on() {} }),
    html: () => html({ path: path("every.html"), steps, ...probes }),
    terminal: () => ({ ...terminal({ stream: screen() }), steps }),
    tensorboard: () => tensorboard({ path: path("every"), steps, wants: {} }),
    ndjson: () => ndjsonReporter(path("every.ndjson"), { steps }),
  };
  const usual: Readonly<Record<string, () => Reporter>> = {
    html: () => html({ path: path("some.html"), ...probes }),
    terminal: () => terminal({ stream: screen(), now: () => performance.now() / 2 }),
    tensorboard: () => tensorboard({ path: path("some"), steps: { everyMs: 200 }, trainMetrics: 0.001 }),
    ndjson: () => ndjsonReporter(path("some.ndjson"), { steps: { everyMs: 200 } }),
    csv: () => csvReporter(path("some.csv")),
  };
  const cases = (makers: typeof always, often: string, goal: number) =>
    Object.entries(makers).map(([name, make]) => ({ name: `${name}, ${often}`, goal, make: () => [make()] }));
  // What the measurement itself makes of no difference.
  const none: ReporterCase = { name: "no reporter", goal: byDefault, make: () => [] };
  return [none, ...cases(always, "every step", everyStep), ...cases(usual, "by default", byDefault)];
}
