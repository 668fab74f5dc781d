import type { FigureEvent, Metrics, RunEnd, RunStart } from "@downhill/core/train";
import type { Ansis } from "ansis";
import { landscapeFigure } from "./landscape-figure.js";
import { type Look, paintFor, type TerminalLook } from "./look.js";
import { type LossCurveOptions, lossCurve } from "./loss-curve.js";
import { count, formatDuration, formatNumber, formatRate } from "./numbers.js";
import { curvesOf, hasEpochs, type RunLog } from "./run-log.js";
import { statusWord } from "./status.js";
import { table } from "./table.js";
import { sanitize } from "./text.js";

/** The first line of a report: what is trained, on what, how. */
export function headline(
  start: RunStart,
  { color, braille }: Pick<TerminalLook, "color" | "braille">,
): string {
  const paint = paintFor(color);
  const clean = (text: string) => sanitize(text, { ascii: !braille });
  const { model, data, optimizer, engine, seed, from } = start;
  const engineText = [`${engine.name} ${engine.dtype}`, ...engine.notes].map(clean).join(", ");
  const parts = [
    // A problem without rows is its own data.
    data.rows > 0
      ? `${paint.bold(clean(model.name))} on ${paint.bold(clean(data.name))} (${count(data.rows, "row")})`
      : paint.bold(clean(model.name)),
    paint.bold(clean(optimizer.name)),
    engineText,
    `seed ${seed}`,
    ...(from > 0 ? [`resumed after ${count(from, "step")}`] : []),
  ];
  return parts.join(paint.dim(braille ? " · " : ", "));
}

// Wider than this a picture only gets flatter.
const widestPicture = 120;

/** The loss curve, where there is one to draw. */
export function curvePicture(
  log: RunLog,
  { width, ...options }: LossCurveOptions & { readonly width: number },
): string | undefined {
  const { series, xLabel } = curvesOf(log);
  if (series.every(({ y }) => y.length < 2)) return undefined;
  return lossCurve(series, { xLabel, width: Math.min(width, widestPicture), ...options });
}

/**
 * What a run ends with: its pictures, its status in words, the figures reached, steps and time. Empty where the run
 * has not told its end.
 */
export function finalReport(
  log: RunLog,
  look: TerminalLook,
  axes: Pick<LossCurveOptions, "logX" | "logY">,
): string {
  const { end, landscape, checkpoint } = log;
  if (end === undefined) return "";
  const { width, braille, color } = look;
  const paint = paintFor(color);
  const clean = (text: string) => sanitize(text, { ascii: !braille });
  const { status, steps, epochs, evaluations, timeMs } = end;
  const spent = [
    count(steps, "step") + (hasEpochs(log) ? ` in ${count(epochs, "epoch")}` : ""),
    ...(evaluations === undefined ? [] : [count(evaluations, "evaluation")]),
    `${formatDuration(timeMs)}${timeMs > 0 && steps > 0 ? ` (${formatRate((steps / timeMs) * 1000)})` : ""}`,
    ...(checkpoint === undefined ? [] : [`checkpoint ${clean(checkpoint)}`]),
  ];
  const sections = [
    curvePicture(log, { width, braille, color, ...axes }),
    landscape && landscapePicture(landscape, { width: Math.min(width, widestPicture), braille, color }),
    [
      `${statusWord(status, paint, braille)}: ${clean(status.why)}`,
      figures(end, { width, braille, paint }),
      paint.dim(spent.join(braille ? " · " : ", ")),
    ].join("\n"),
  ];
  return `\n${sections.filter((section) => section !== undefined).join("\n\n")}\n`;
}

/** A figure that cannot be drawn says why, and costs the rest of the report nothing. */
function landscapePicture(figure: FigureEvent, look: Look): string {
  try {
    return landscapeFigure(figure, look);
  } catch (error) {
    return `figure ${sanitize(JSON.stringify(figure.title), { ascii: look.braille === false })} not drawn: ${sanitize(String(error))}`;
  }
}

/** Parts of the data down, metrics across; without metrics the loss alone. */
function figures(
  { metrics, value }: { metrics: Metrics; value: RunEnd["value"] },
  look: { width: number; braille: boolean; paint: Ansis },
): string {
  const parts = Object.keys(metrics);
  if (parts.length === 0) return `loss ${formatNumber(value, 6)}`;
  const clean = (text: string) => sanitize(text, { ascii: !look.braille });
  const names = [...new Set(parts.flatMap((part) => Object.keys(metrics[part]!)))];
  return table(
    [{ title: "", align: "left" }, ...names.map((name) => ({ title: clean(name), align: "right" as const }))],
    parts.map((part) => [
      clean(part),
      ...names.map((name) => {
        const figure = metrics[part]![name];
        return figure === undefined ? "" : formatNumber(figure);
      }),
    ]),
    look,
  );
}
