import { type Markup, markup, trusted } from "../draw/markup.js";
import { customProperties, themes } from "../draw/theme.js";
import { visible } from "../draw/visible.js";
import { script, style } from "../generated/client.js";
import { embed } from "../record/embed.js";
import type { RunRecord } from "../record/run-record.js";
import type { ReportOptions } from "../render-report.js";
import { runCards } from "./run-cards.js";
import { type RunGroup, runGroups } from "./run-groups.js";
import { runNames } from "./run-names.js";
import type { ShownRun } from "./shown-run.js";
import { summary } from "./summary.js";

// Nothing but this page's own script and style, and pictures within it.
const policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:";

/** The report of runs, as a page that needs nothing else. */
export function reportPage(runs: readonly RunRecord[], { title }: ReportOptions): string {
  const names = runNames(runs);
  const shown = runs.map((record, index): ShownRun => ({ record, name: names[index]!, index }));
  const groups = runGroups(runs);
  const heading = visible(title ?? (names.join(" · ") || "No runs"));
  const header = markup`<header class="top"><div><p class="brand">Downhill report</p><h1>${heading}</h1><p class="sub">${about(runs)}</p>${contents(groups)}</div><button id="theme" class="button" type="button" title="Light, dark, or as the system is" hidden>Theme: auto</button></header>`;
  const sections = groups.map((group, i) => {
    const members = group.runs.map((run) => shown[run]!);
    // One group needs no name: it is the page.
    const title = groups.length > 1 && markup`<h2 class="group" id="group-${i}">${group.title}</h2>`;
    return markup`${title}${summary(members)}<div class="charts"></div>${runCards(members)}`;
  });
  const body = markup`${header}<main><noscript><p class="note">The pictures of this report are drawn by its script, which is switched off here. The tables below need none.</p></noscript><div id="view"></div>${sections}</main>`;
  const colors = [
    `:root{color-scheme:light;${customProperties(themes.light)}}`,
    `:root[data-theme=dark]{color-scheme:dark;${customProperties(themes.dark)}}`,
    `@media (prefers-color-scheme:dark){:root:not([data-theme]){color-scheme:dark;${customProperties(themes.dark)}}}`,
    `@media print{:root,:root[data-theme],:root:not([data-theme]){color-scheme:light;${customProperties(themes.light)}}}`,
  ].join("");
  return markup`${trusted("<!doctype html>")}
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${trusted(policy)}"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${heading} · Downhill</title><style>${trusted(colors + style)}</style></head><body>${body}<script type="application/octet-stream" id="runs">${trusted(embed(runs))}</script><script>${trusted(script)}</script></body></html>
`.markup;
}

/** Where each group is, when there are several. */
function contents(groups: readonly RunGroup[]): Markup | false {
  if (groups.length < 2) return false;
  return markup`<nav class="contents">${groups.map(({ title }, i) => markup`<a href="#group-${i}">${title}</a>`)}</nav>`;
}

function about(runs: readonly RunRecord[]): Markup {
  const starts = runs.flatMap(({ start }) => (start ? [start] : []));
  const all = (parts: readonly string[]) => [...new Set(parts)].join(", ");
  if (starts.length === 0) return markup`no run has begun`;
  const parts = [
    all(starts.map(({ model, data }) => (data.rows > 0 ? `${model.name} on ${data.name}` : model.name))),
    all(starts.map(({ optimizer }) => optimizer.name)),
    between(starts.map(({ time }) => time.slice(0, 19).replace("T", " ")).sort()),
  ];
  return markup`${parts.join(" · ")}`;
}

/** From the first to the last of times, which are sorted. */
function between(times: readonly string[]): string {
  const [first, last] = [times[0]!, times.at(-1)!];
  const sameDay = first.slice(0, 10) === last.slice(0, 10);
  return first === last ? `${first} UTC` : `${first} to ${sameDay ? last.slice(11) : last} UTC`;
}
