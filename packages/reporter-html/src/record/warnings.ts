import { median } from "d3-array";
import type { Histogram } from "../draw/histograms.js";
import { formatNumber } from "../draw/numbers.js";
import { smooth } from "../draw/smooth.js";
import type { RunRecord } from "./run-record.js";
import type { Series } from "./series.js";

/** What a run's figures say that its user should know, in sentences. */
export function warningsOf(run: RunRecord): string[] {
  const { notices, end, steps } = run;
  const told = notices.flatMap(({ level, message }) => (level === "warning" ? [message] : []));
  const value = steps.columns.value;
  const norm = steps.columns["probes.gradientNorm"];
  return [
    ...divergence(value, end?.status.kind === "diverged"),
    ...rise(value),
    ...(end?.status.kind === "converged" ? [] : plateau(value)),
    ...explosion(norm),
    ...(end?.status.kind === "converged" ? [] : vanishing(norm, value)),
    ...layers(run),
    ...overfitting(run),
    ...uphill(steps.columns["probes.cosine"]),
    ...told,
  ];
}

function divergence(value: Series | undefined, diverged: boolean): string[] {
  const at = value?.last.findIndex((loss) => !Number.isFinite(loss)) ?? -1;
  if (at === -1) return diverged ? ["The run diverged."] : [];
  return [
    `Divergence: the loss was ${formatNumber(value!.last[at]!)} at step ${value!.step[at]}. A smaller learning rate, a warmup or clipping of gradients often helps.`,
  ];
}

/** The smoothed loss, from its end; a series that is long enough to speak of its course. */
function course(value: Series | undefined): Float64Array | undefined {
  if (value === undefined || value.last.length < 20) return undefined;
  const smoothed = smooth(value.spread?.mean ?? value.last, 0.9, value.spread?.count).filter(Number.isFinite);
  return smoothed.length < 20 ? undefined : smoothed;
}

function rise(value: Series | undefined): string[] {
  const loss = course(value);
  if (loss === undefined) return [];
  const first = loss[0]!;
  const last = loss.at(-1)!;
  if (!(last > first + Math.abs(first) * 0.5)) return [];
  return [
    `The loss rose, from ${formatNumber(first)} to ${formatNumber(last)} (smoothed). Is the learning rate too large?`,
  ];
}

function plateau(value: Series | undefined): string[] {
  const loss = course(value);
  if (loss === undefined) return [];
  const first = loss[0]!;
  const best = loss.reduce((least, x) => Math.min(least, x), Infinity);
  const last = loss.at(-1)!;
  // From where on nothing that counts has changed, counted from the end.
  const tolerance = 1e-3 * Math.abs(first - best || first);
  let from = loss.length - 1;
  while (from > 0 && Math.abs(loss[from - 1]! - last) <= tolerance) from--;
  const share = 1 - from / (loss.length - 1);
  // Towards zero a loss may fall by powers of ten within that little.
  const stillFalling = loss[from]! > 2 * Math.abs(last);
  if (share < 0.5 || stillFalling) return [];
  const step = value!.step[Math.min(from, value!.step.length - 1)];
  return [
    `Plateau: the smoothed loss has stayed within 0.1 % of its whole way since step ${step}, the last ${Math.round(100 * share)} % of the run.`,
  ];
}

function explosion(norm: Series | undefined): string[] {
  if (norm === undefined || norm.last.length < 10) return [];
  const typical = median(norm.last.filter(Number.isFinite)) ?? 0;
  const tops = norm.spread?.max ?? norm.last;
  let most = 0;
  tops.forEach((x, i) => {
    if (x > tops[most]! || !Number.isFinite(tops[most]!)) most = i;
  });
  const after = most > tops.length / 10;
  if (!(typical > 0) || !after || !(tops[most]! > 100 * typical)) return [];
  return [
    `Exploding gradient: its norm reached ${formatNumber(tops[most]!)} about step ${norm.step[most]}, ${formatNumber(tops[most]! / typical, 2)} times its median of ${formatNumber(typical)}.`,
  ];
}

/** Towards a minimum the gradient gets small, too: but not while the loss has hardly fallen. */
function vanishing(norm: Series | undefined, value: Series | undefined): string[] {
  if (norm === undefined || norm.last.length < 10 || value === undefined) return [];
  const losses = value.last.filter(Number.isFinite);
  if (losses[0]! - losses.at(-1)! > 0.5 * Math.abs(losses[0]!)) return [];
  const first = norm.last[0]!;
  const last = norm.last.at(-1)!;
  if (!(first > 0) || !(last < 1e-6 * first)) return [];
  return [
    `Vanishing gradient: its norm fell from ${formatNumber(first)} to ${formatNumber(last)}. The ground is flat here, and the loss is still ${formatNumber(losses.at(-1)!)}.`,
  ];
}

/**
 * Gradients of the layers' weights against each other, from the middles of their histograms' bins. Not those of biases and
 * other vectors, which may rightly stand still: on standardized data they are where they belong from the start.
 */
function layers({ histograms: { gradients }, start, end }: RunRecord): string[] {
  const isWeight = (name: string) => (start?.model.parameters[name]?.length ?? 2) >= 2;
  const sizes = Object.entries(gradients).flatMap(([name, slices]) =>
    isWeight(name) && slices.length > 0
      ? [{ name, sizes: slices.map(rootMeanSquare), step: slices.at(-1)!.step }]
      : [],
  );
  // All layers are measured at the same steps.
  const largest = sizes[0]?.sizes.map((_, i) => Math.max(...sizes.map((layer) => layer.sizes[i] ?? 0))) ?? [];
  const mostly = (of: readonly number[], holds: (size: number, largest: number) => boolean) =>
    holds(of.at(-1)!, largest.at(-1)!) &&
    of.filter((size, i) => holds(size, largest[i]!)).length > of.length / 2;
  return sizes.flatMap(({ name, sizes: own, step }) => {
    const layer = `the gradient of ${name}`;
    const last = own.at(-1)!;
    const size = `root mean square ${formatNumber(last, 2)} at step ${step}`;
    if (mostly(own, (size, most) => size === 0 && most > 0))
      return [`Dead layer: ${layer} is zero throughout, most of the time and at step ${step}.`];
    // Where all gradients vanish together, the run has arrived.
    if (end?.status.kind !== "converged" && mostly(own, (size, most) => size < 1e-5 * most))
      return [
        `Vanishing gradient: ${layer} (${size}) is ${formatNumber(largest.at(-1)! / last, 2)} times smaller than the largest of the layers.`,
      ];
    const growth = last / Math.max(own[0]!, 1e-3 * largest[0]!);
    if (largest[0]! > 0 && growth > 1e3)
      return [
        `Exploding gradient: ${layer} (${size}) is ${formatNumber(growth, 2)} times what it was at first.`,
      ];
    return [];
  });
}

function rootMeanSquare({ low, high, counts }: Histogram): number {
  const width = (high - low) / counts.length;
  const total = counts.reduce((sum, n) => sum + n, 0);
  const squares = counts.reduce((sum, n, i) => sum + n * (low + (i + 0.5) * width) ** 2, 0);
  return total > 0 ? Math.sqrt(squares / total) : 0;
}

function overfitting({ epochs }: RunRecord): string[] {
  const validation = epochs.columns["validation.loss"];
  const train = epochs.columns["train.loss"];
  if (validation === undefined || train === undefined || validation.last.length < 3) return [];
  let best = 0;
  validation.last.forEach((x, i) => {
    if (x < validation.last[best]!) best = i;
  });
  const [least, last] = [validation.last[best]!, validation.last.at(-1)!];
  if (!(last > least + 0.1 * Math.abs(least)) || !(train.last.at(-1)! < train.last[0]!)) return [];
  return [
    `Overfitting: the validation loss was least, ${formatNumber(least)}, at step ${validation.step[best]} and ended at ${formatNumber(last)}, while the training loss fell.`,
  ];
}

function uphill(cosine: Series | undefined): string[] {
  if (cosine === undefined || cosine.last.length < 20) return [];
  const share = cosine.last.filter((x) => x < 0).length / cosine.last.length;
  if (share < 0.25) return [];
  return [
    `${Math.round(100 * share)} % of the measured steps led uphill: their angle to the negative gradient is over 90°.`,
  ];
}
