import { fromNum } from "@downhill/core/train";
import { type Markup, markup } from "../draw/markup.js";
import { formatDuration, formatNumber } from "../draw/numbers.js";
import type { RunRecord } from "../record/run-record.js";
import { warningsOf } from "../record/warnings.js";

/** How the runs ended, side by side, and what is to be known of them. */
export function summary(runs: readonly RunRecord[], names: readonly string[]): Markup {
  const paths = metricPaths(runs);
  const rows = runs.map((run, i) => {
    const { end, start, steps } = run;
    const last = steps.timeMs.at(-1);
    return markup`<tr><th scope="row"><i class="swatch" style="background:var(--series-${i % 8})"></i>${names[i]!}<small>${start?.optimizer.name ?? ""}</small></th><td>${pill(run)}</td><td class="n">${end ? formatNumber(fromNum(end.value)) : "–"}</td>${paths.map((path) => markup`<td class="n">${metricOf(run, path)}</td>`)}<td class="n">${end?.steps ?? steps.step.at(-1) ?? 0}</td><td class="n">${end?.epochs ?? steps.epoch.at(-1) ?? 0}</td><td class="n">${end ? formatDuration(end.timeMs) : last === undefined ? "–" : formatDuration(last)}</td></tr>`;
  });
  const reasons = runs.map(
    ({ end }, i) =>
      markup`<li>${runs.length > 1 && markup`<b>${names[i]!}:</b> `}${end ? end.status.why : "These events stop before the run's end."}</li>`,
  );
  const warnings = runs.flatMap((run, i) => warningsOf(run).map((text) => ({ name: names[i]!, text })));
  return markup`<section class="card"><h2>How it ended</h2><div class="scroll"><table class="summary"><thead><tr><th scope="col">run</th><th scope="col">status</th><th scope="col" class="n">loss</th>${paths.map((path) => markup`<th scope="col" class="n">${path.replace(".", " ")}</th>`)}<th scope="col" class="n">steps</th><th scope="col" class="n">epochs</th><th scope="col" class="n">time</th></tr></thead><tbody>${rows}</tbody></table></div><ul class="why">${reasons}</ul>${warnings.length > 0 && markup`<div class="warnings"><h3>Worth knowing</h3><ul>${warnings.map(({ name, text }) => markup`<li>${runs.length > 1 && markup`<b>${name}:</b> `}${text}</li>`)}</ul></div>`}</section>`;
}

function pill({ end }: RunRecord): Markup {
  const kind = end?.status.kind ?? "unfinished";
  return markup`<span class="pill ${kind}">${kind}</span>`;
}

/** Figures at the end that any of the runs has. */
function metricPaths(runs: readonly RunRecord[]): string[] {
  const paths = runs.flatMap(({ end }) =>
    Object.entries(end?.metrics ?? {}).flatMap(([part, figures]) =>
      Object.keys(figures).map((name) => `${part}.${name}`),
    ),
  );
  return [...new Set(paths)].filter((path) => path !== "train.loss").slice(0, 8);
}

function metricOf({ end }: RunRecord, path: string): string {
  const dot = path.indexOf(".");
  const figure = end?.metrics[path.slice(0, dot)]?.[path.slice(dot + 1)];
  return figure === undefined ? "–" : formatNumber(fromNum(figure));
}
