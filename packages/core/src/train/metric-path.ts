import { didYouMean } from "../text/nearest.js";

/** Parts of the data that are evaluated while a run lasts. */
export type MonitoredPart = "train" | "validation";
/** A figure of a part: "validation.loss", "train.accuracy". */
export type MetricPath<M extends string = string> = `${MonitoredPart}.${"loss" | M}`;
/** Whether less or more is better. */
export type Mode = "min" | "max";

/** A figure of a part, its path taken apart. */
export interface Figure {
  readonly path: string;
  readonly part: MonitoredPart;
  readonly metric: string;
}

/** A figure to watch, and which way is better. */
export interface Watched extends Figure {
  readonly mode: Mode;
}

/** The figures that a run has. */
export interface Available {
  readonly parts: readonly MonitoredPart[];
  readonly metrics: readonly string[];
}

/** Throws for a path that has no figures in this run, with those that have. */
export function resolveMetricPath(option: string, path: string, { parts, metrics }: Available): Figure {
  const dot = path.indexOf(".");
  const part = path.slice(0, dot) as MonitoredPart;
  const metric = path.slice(dot + 1);
  if (!parts.includes(part) || !metrics.includes(metric)) {
    const paths = parts.flatMap((p) => metrics.map((m) => `${p}.${m}`));
    const missing = part === "validation" && !parts.includes(part) ? " There is no validation data." : "";
    throw new Error(
      `train: ${option} is "${path}".${missing}${didYouMean(path, paths)} It can be ${paths.join(", ")}.`,
    );
  }
  return { path, part, metric };
}

/** The same with the way that is better, which must be given unless the figure is a loss. */
export function resolveWatched(
  option: string,
  path: string,
  mode: Mode | undefined,
  available: Available,
): Watched {
  const figure = resolveMetricPath(option, path, available);
  if (mode === undefined && figure.metric !== "loss") {
    throw new Error(
      `train: ${option} is "${path}"; say by mode: "min" or "max" whether less or more is better.`,
    );
  }
  return { ...figure, mode: mode ?? "min" };
}
