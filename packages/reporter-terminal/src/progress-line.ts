import type { Metrics } from "@downhill/core/train";
import type { Ansis } from "ansis";
import { formatDuration, formatNumber, formatRate } from "./numbers.js";
import { plannedSteps, type RunLog, stepsPerSecond, timeLeftMs } from "./run-log.js";
import { displayWidth, sanitize, truncate } from "./text.js";

export interface LineLook {
  readonly width: number;
  readonly braille: boolean;
  readonly paint: Ansis;
  /** Figures to show, as `part.name`; by default all but the training loss, validation first. */
  readonly metrics?: readonly string[] | undefined;
}

/** Something on the line, and how soon it gives way where there is no room: the lowest first. */
interface Item {
  readonly text: string;
  readonly worth: number;
}

const barColumns = 12;

/** Where a run stands, on one line of at most `width` columns: what matters least is left out, then cut off. */
export function progressLine(log: RunLog, look: LineLook): string {
  const { paint, braille } = look;
  const planned = plannedSteps(log);
  const done = planned ? Math.min(1, log.step / planned) : undefined;
  const { start } = log;
  const stepwise = start !== undefined && start.plan.stepsPerEpoch <= 1;
  const items: (Item | undefined)[] = [
    stepwise ? undefined : { text: `epoch ${of(log.epoch, start?.plan.epochs)}`, worth: 8 },
    done === undefined ? undefined : { text: bar(done, braille, paint), worth: 3 },
    done === undefined ? undefined : { text: `${Math.floor(done * 100)}%`.padStart(4), worth: 4 },
    { text: `step ${of(log.step, planned)}`, worth: stepwise ? 8 : 1 },
    log.value === undefined ? undefined : { text: figure("loss", log.value, paint), worth: 9 },
    ...metricItems(log.metrics, look),
    ...pace(log, paint),
  ];
  return fit(
    items.filter((item) => item !== undefined),
    look,
  );
}

/** A finished epoch, on one line. */
export function epochLine(log: RunLog, look: LineLook): string {
  const { start, value } = log;
  const total = start?.plan.epochs;
  const items = [
    { text: `epoch ${of(log.epoch, total).padStart(2 * String(total ?? "").length + 1)}`, worth: 8 },
    { text: `step ${log.step}`, worth: 3 },
    ...(value === undefined ? [] : [{ text: figure("loss", value, look.paint), worth: 9 }]),
    ...metricItems(log.metrics, look),
    ...pace(log, look.paint),
  ];
  return items.map(({ text }) => text).join("  ");
}

function pace(log: RunLog, paint: Ansis): Item[] {
  const [rate, left] = [stepsPerSecond(log), timeLeftMs(log)];
  return [
    ...(rate === undefined ? [] : [{ text: paint.dim(formatRate(rate)), worth: 2 }]),
    ...(left === undefined
      ? []
      : [{ text: paint.dim(`${left < 1000 ? "<1 s" : formatDuration(left)} left`), worth: 7 }]),
  ];
}

function metricItems(metrics: Metrics, { metrics: wanted, paint, braille }: LineLook): Item[] {
  const names = wanted ?? defaultMetrics(metrics);
  return names.flatMap((name, i) => {
    const dot = name.indexOf(".");
    const [part, metric] = [name.slice(0, dot), name.slice(dot + 1)];
    const value = metrics[part]?.[metric];
    if (value === undefined) return [];
    const title = sanitize(`${part === "validation" ? "val" : part} ${metric}`, { ascii: !braille });
    // Between the pace and the loss, the first the last to go.
    return [{ text: figure(title, value, paint), worth: 5 + 1 / (i + 1) }];
  });
}

function defaultMetrics(metrics: Metrics): string[] {
  const rank = (part: string) => ["validation", "test"].indexOf(part) + 1 || 3;
  return Object.keys(metrics)
    .sort((a, b) => rank(a) - rank(b))
    .flatMap((part) => Object.keys(metrics[part]!).map((name) => `${part}.${name}`))
    .filter((name) => name !== "train.loss");
}

function figure(title: string, value: number | string, paint: Ansis): string {
  const text = formatNumber(value as number);
  return `${paint.dim(title)} ${Number.isFinite(Number(value)) ? paint.bold(text) : paint.red.bold(text)}`;
}

function of(n: number, total: number | undefined): string {
  return total === undefined ? String(n) : `${String(n).padStart(String(total).length)}/${total}`;
}

function bar(done: number, braille: boolean, paint: Ansis): string {
  const full = Math.round(done * barColumns);
  const [done_, left] = braille ? ["━", "─"] : ["#", "."];
  return paint.cyan(done_.repeat(full)) + paint.dim(left.repeat(barColumns - full));
}

function fit(items: readonly Item[], { width, braille }: LineLook): string {
  let kept = items;
  const text = () => kept.map((item) => item.text).join("  ");
  while (kept.length > 1 && displayWidth(text()) > width) {
    const least = kept.reduce((a, b) => (b.worth < a.worth ? b : a));
    kept = kept.filter((item) => item !== least);
  }
  return truncate(text(), width, { ascii: !braille });
}
