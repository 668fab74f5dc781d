import { curvePicture, headline } from "./final-report.js";
import { createLiveRegion } from "./live-region.js";
import { paintFor, type TextStream, terminalLook } from "./look.js";
import type { LossCurveOptions } from "./loss-curve.js";
import type { Output } from "./output.js";
import { progressLine } from "./progress-line.js";
import type { RunLog } from "./run-log.js";
import { noticeLine, onceEach, type View } from "./view.js";

export interface LiveOptions {
  readonly plot: boolean;
  readonly axes: Pick<LossCurveOptions, "logX" | "logY">;
  readonly metrics: readonly string[] | undefined;
  readonly now: () => number;
}

const redrawMs = 100;
const curveRows = 12;

/** A terminal: the progress line, and the loss curve where it is asked for, redrawn in place. */
export function liveView(
  log: RunLog,
  output: Output,
  stream: TextStream,
  { plot, axes, metrics, now }: LiveOptions,
): View {
  const { color, braille } = terminalLook(stream);
  const paint = paintFor(color);
  const columns = () => terminalLook(stream).width;
  const region = createLiveRegion(output.write, columns);
  const isNew = onceEach();
  let drawn = Number.NEGATIVE_INFINITY;

  const draw = () => {
    if (log.start === undefined || log.end !== undefined) return;
    drawn = now();
    // The last column stays free: some terminals go on to the next line as soon as it is filled.
    const width = columns() - 1;
    const line = progressLine(log, { width, braille, paint, metrics });
    const room = (stream.rows || 24) > curveRows + 2;
    const picture =
      plot && room ? curvePicture(log, { width, height: curveRows, color, braille, ...axes }) : undefined;
    region.draw([...(picture?.split("\n") ?? []), line]);
  };
  output.onResize(draw);

  return {
    show(event) {
      if (event.type === "run-start") region.above(headline(event, { color, braille }));
      if (event.type === "notice" && isNew(event)) region.above(noticeLine(event, paint, braille));
      if (now() - drawn >= redrawMs && !output.busy()) draw();
    },
    close() {
      if (log.end === undefined) draw();
      region.close({ keep: log.end === undefined });
    },
  };
}
