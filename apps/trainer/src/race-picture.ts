import { compareRuns, contour, type RunSummary, terminalLook } from "@downhill/reporter-terminal";
import { plainFunction } from "./plain-function.js";
import type { Problem } from "./problems.js";
import type { Finished } from "./race.js";

type Stream = Parameters<typeof terminalLook>[0];

function lookOf(stream: Stream) {
  const look = terminalLook(stream);
  return { ...look, width: Math.min(look.width, 120) };
}

export const titleOf = (name: string, { about }: Problem) => `${name}: ${about}`;

/** The landscape with the ways through it, for a terminal. */
export function raceLandscape(
  name: string,
  problem: Problem,
  found: readonly Finished[],
  stream: Stream,
): string {
  return contour({
    ...lookOf(stream),
    f: plainFunction(problem.f),
    xRange: problem.view[0],
    yRange: problem.view[1],
    paths: found.map(({ name, result }) => ({
      name,
      points: result.history!.map(({ parameters: { x, y } }) => [x, y] as const),
    })),
    title: titleOf(name, problem),
  });
}

/** The curves, and how each run ended. */
export function raceTable(problem: Problem, found: readonly Finished[], stream: Stream): string {
  const summaries = found.map(({ name, result }): RunSummary => {
    // The start and what is at the minimum have no place on logarithmic axes.
    const above = result.history!.map(({ step, value }) => ({ step, gap: value - problem.minimum }));
    const shown = above.filter(({ step, gap }) => step > 0 && gap > 0);
    const curve = { x: shown.map(({ step }) => step), y: shown.map(({ gap }) => gap) };
    return { name, ...result, curve };
  });
  return compareRuns(summaries, {
    ...lookOf(stream),
    logX: true,
    logY: true,
    xLabel: "step",
    yLabel: "value above the minimum",
  });
}
