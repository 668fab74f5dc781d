import type { EpochInfo, Figures } from "./result.js";
import type { HistoryColumns } from "./snapshot.js";

/** Epochs as columns: a long history takes little room in a checkpoint. */
export function packHistory(history: readonly EpochInfo[]): HistoryColumns {
  const metrics = Object.keys(history.find((epoch) => epoch.validation)?.validation ?? {});
  const column = (of: (epoch: EpochInfo) => number) => Float64Array.from(history, of);
  return {
    step: column(({ step }) => step),
    loss: column(({ loss }) => loss),
    timeMs: column(({ timeMs }) => timeMs),
    evaluated: column(({ validation }) => Number(validation !== undefined)),
    validation: Object.fromEntries(
      metrics.map((metric) => [metric, column(({ validation }) => validation?.[metric] ?? Number.NaN)]),
    ),
  };
}

export function unpackHistory({ step, loss, timeMs, evaluated, validation }: HistoryColumns): EpochInfo[] {
  return Array.from(step, (_, i) => ({
    epoch: i + 1,
    step: step[i]!,
    loss: loss[i]!,
    ...(evaluated[i] === 1 && {
      validation: Object.fromEntries(
        Object.entries(validation).map(([metric, column]) => [metric, column[i]!]),
      ) as Figures,
    }),
    timeMs: timeMs[i]!,
  }));
}
