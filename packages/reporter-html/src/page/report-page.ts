import { type Markup, markup, trusted } from "../draw/markup.js";
import { customProperties, themes } from "../draw/theme.js";
import { visible } from "../draw/visible.js";
import { script, style } from "../generated/client.js";
import { embed } from "../record/embed.js";
import type { RunRecord } from "../record/run-record.js";
import type { ReportOptions } from "../render-report.js";
import { runCards } from "./run-cards.js";
import { runNames } from "./run-names.js";
import { summary } from "./summary.js";

// Nothing but this page's own script and style, and pictures within it.
const policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:";

/** The report of runs, as a page that needs nothing else. */
export function reportPage(runs: readonly RunRecord[], { title }: ReportOptions): string {
  const names = runNames(runs);
  const heading = visible(title ?? (names.join(" · ") || "No runs"));
  const body = markup`<header class="top"><div><p class="brand">Downhill report</p><h1>${heading}</h1><p class="sub">${about(runs)}</p></div><button id="theme" class="button" type="button" title="Light, dark, or as the system is" hidden>Theme: auto</button></header><main>${summary(runs, names)}<div id="app"><noscript><p class="note">The pictures of this report are drawn by its script, which is switched off here. The tables below need none.</p></noscript></div>${runCards(runs, names)}</main>`;
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

function about(runs: readonly RunRecord[]): Markup {
  const starts = runs.flatMap(({ start }) => (start ? [start] : []));
  const all = (parts: readonly string[]) => [...new Set(parts)].join(", ");
  if (starts.length === 0) return markup`no run has begun`;
  const parts = [
    all(starts.map(({ model, data }) => (data.rows > 0 ? `${model.name} on ${data.name}` : model.name))),
    all(starts.map(({ optimizer }) => optimizer.name)),
    all(starts.map(({ time }) => time.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC"))),
  ];
  return markup`${parts.join(" · ")}`;
}
