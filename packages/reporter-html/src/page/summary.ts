import { fromNum, type Num } from "@downhill/core/train";
import { type Markup, markup } from "../draw/markup.js";
import { formatDuration, formatNumber } from "../draw/numbers.js";
import type { RunRecord } from "../record/run-record.js";
import { warningsOf } from "../record/warnings.js";
import type { ShownRun } from "./shown-run.js";

/** How the runs ended, side by side, and what is to be known of them. */
export function summary(runs: readonly ShownRun[]): Markup {
  const records = runs.map(({ record }) => record);
  const hasEpochs = records.some(({ start }) => start === undefined || start.plan.stepsPerEpoch > 0);
  const hasEvaluations = records.some(({ end }) => end?.evaluations !== undefined);
  const heads = [
    "loss",
    "steps",
    ...(hasEpochs ? ["epochs"] : []),
    ...(hasEvaluations ? ["evaluations"] : []),
    "time",
  ];
  const rows = runs.map((run) => {
    const { end, steps } = run.record;
    const last = steps.timeMs.at(-1);
    const cells = [
      end ? formatNumber(fromNum(end.value)) : "–",
      String(end?.steps ?? steps.step.at(-1) ?? 0),
      ...(hasEpochs ? [String(end?.epochs ?? steps.epoch.at(-1) ?? 0)] : []),
      ...(hasEvaluations ? [String(end?.evaluations ?? "–")] : []),
      end ? formatDuration(end.timeMs) : last === undefined ? "–" : formatDuration(last),
    ];
    return markup`<tr>${nameCell(run)}<td>${pill(run.record)}</td>${cells.map(number)}</tr>`;
  });
  const reasons = runs.map(
    ({ record: { end }, name }) =>
      markup`<li>${runs.length > 1 && markup`<b>${name}:</b> `}${end ? end.status.why : "These events stop before the run's end."}</li>`,
  );
  const warnings = runs.flatMap(({ record, name }) => warningsOf(record).map((text) => ({ name, text })));
  return markup`<section class="card"><h2>How it ended</h2><div class="scroll"><table class="summary"><thead><tr><th scope="col">run</th><th scope="col">status</th>${heads.map(head)}</tr></thead><tbody>${rows}</tbody></table></div><ul class="why">${reasons}</ul>${figures(runs)}${warnings.length > 0 && markup`<div class="warnings"><h3>Worth knowing</h3><ul>${warnings.map(({ name, text }) => markup`<li>${runs.length > 1 && markup`<b>${name}:</b> `}${text}</li>`)}</ul></div>`}</section>`;
}

const head = (title: string): Markup => markup`<th scope="col" class="n">${title}</th>`;
const number = (text: string): Markup => markup`<td class="n">${text}</td>`;

/** The run's name, with its optimizer's where that is not in it. */
function nameCell({ record: { start }, name, index }: ShownRun): Markup {
  const optimizer = start?.optimizer.name ?? "";
  const says = (text: string) => text.toLowerCase().replace(/[\s_-]+/g, "");
  const beside = !says(name).includes(says(optimizer)) && markup`<small>${optimizer}</small>`;
  return markup`<th scope="row"><i class="swatch" style="background:var(--series-${index % 8})"></i>${name}${beside}</th>`;
}

/** Metrics at the end: a row for each part of the data of each run. */
function figures(runs: readonly ShownRun[]): Markup | false {
  const rows = runs.flatMap(({ record: { end }, name }) =>
    Object.entries(end?.metrics ?? {}).map(([part, values]) => ({ name, part, values })),
  );
  const metrics = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))].slice(0, 12);
  if (metrics.length === 0) return false;
  const cell = (value: Num | undefined) => number(value === undefined ? "–" : formatNumber(fromNum(value)));
  return markup`<div class="scroll"><table class="figures-table"><thead><tr><th scope="col">${runs.length > 1 ? "run, part of the data" : "part of the data"}</th>${metrics.map(head)}</tr></thead><tbody>${rows.map(({ name, part, values }) => markup`<tr><th scope="row">${runs.length > 1 && `${name}, `}${part}</th>${metrics.map((metric) => cell(values[metric]))}</tr>`)}</tbody></table></div>`;
}

function pill({ end }: RunRecord): Markup {
  const kind = end?.status.kind ?? "unfinished";
  return markup`<span class="pill ${kind}">${kind}</span>`;
}
