import type { EpochEvent } from "../train/events.js";
import type { Reporter } from "../train/reporter.js";
import { createRecordFile } from "./record-file.js";

/**
 * Writes a table with a row for each epoch: epoch, step, timeMs, train.loss (the mean over the epoch's steps) and the
 * figures of the validation data, empty where there was no evaluation. A run that goes on from a checkpoint goes on
 * with its table.
 */
export function csvReporter(path: string): Reporter {
  const file = createRecordFile(path);
  let paths: readonly string[] = [];
  let isOver = false;
  return {
    name: "csv",
    on(event) {
      if (event.type === "run-start") {
        isOver = false;
        const validation = (event.metrics ?? []).filter((metric) => metric.startsWith("validation."));
        paths = ["train.loss", ...validation];
        if (!file.continues) file.add(["epoch", "step", "timeMs", ...paths].map(quoted).join(","));
      } else if (event.type === "epoch" && !isOver) {
        const { epoch, step, timeMs } = event;
        file.addAt(timeMs, [epoch, step, timeMs, ...paths.map((path) => figure(event, path))].join(","));
      }
    },
    mark: () => file.mark(),
    resume: (mark) => file.resume(mark),
    end() {
      isOver = true;
      file.close();
    },
  };
}

function figure({ metrics }: EpochEvent, path: string): number | string {
  const dot = path.indexOf(".");
  return metrics[path.slice(0, dot)]?.[path.slice(dot + 1)] ?? "";
}

/** A name as a cell, with what a terminal would obey shown as an escape, such as `\x1b`. */
function quoted(name: string): string {
  const cell = name.replace(
    /[\p{Cc}\p{Cf}]/gu,
    (character) => `\\x${character.codePointAt(0)!.toString(16).padStart(2, "0")}`,
  );
  return /[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
