import type { Runs } from "./runs.js";
import type { View } from "./view.js";

/** By step, and smoothed where the losses of steps are noisy: where they go up and down much further than they get. */
export function startingView(runs: Runs): View {
  const noisy = runs.some(({ record: { steps, start } }) => {
    if (start && start.plan.stepsPerEpoch <= 1) return false;
    const value = steps.columns.value;
    if (value === undefined || value.last.length < 100) return false;
    const losses = value.last.filter(Number.isFinite);
    let way = 0;
    for (let i = 1; i < losses.length; i++) way += Math.abs(losses[i]! - losses[i - 1]!);
    return way > 5 * Math.abs(losses.at(-1)! - losses[0]!);
  });
  return { axis: "step", logX: false, smoothing: noisy ? 0.9 : 0, hidden: new Set() };
}
