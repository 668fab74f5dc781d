import { markup } from "../draw/markup.js";
import { runGroups } from "../page/run-groups.js";
import { runNames } from "../page/run-names.js";
import type { ShownRun } from "../page/shown-run.js";
import { unembed } from "../record/embed.js";
import { eventsOf } from "../record/events-of.js";
import { fromBase64 } from "../record/packed.js";
import { type Chart, chart } from "./chart.js";
import { dynamicsCharts, lossCharts } from "./curves.js";
import { element, find } from "./dom.js";
import { save } from "./export.js";
import { histogramFigures, modelFigures } from "./figures.js";
import { landscapePlayers } from "./player.js";
import type { Runs } from "./runs.js";
import { startingView } from "./starting-view.js";
import { themeButton } from "./theme-button.js";
import { viewBar } from "./view-bar.js";

open();

async function open(): Promise<void> {
  themeButton(find<HTMLButtonElement>(document, "#theme"));
  const compressed = new Blob([fromBase64(find(document, "#runs").textContent)]).stream();
  const json = await new Response(compressed.pipeThrough(new DecompressionStream("gzip"))).text();
  const records = unembed(json);
  const names = runNames(records);
  const runs = records.map((record, index): ShownRun => ({ record, name: names[index]!, index }));
  const groups = runGroups(records).map((group) => group.runs.map((run) => runs[run]!));
  const view = startingView(runs);

  const redrawn: { readonly charts: Chart[]; readonly players: { readonly draw: () => void }[] } = {
    charts: [],
    players: [],
  };
  const places = document.querySelectorAll<HTMLElement>(".charts");
  groups.forEach((group, i) => {
    const place = places[i]!;
    const losses = lossCharts(group, view).map((options) => chart(options, view));
    const dynamics = dynamicsCharts(group, view).map((options) => chart(options, view));
    const players = landscapePlayers(group, view);
    redrawn.charts.push(...losses, ...dynamics);
    redrawn.players.push(...players);
    section(place, "Loss and metrics", losses);
    section(place, "Landscape", players);
    section(
      place,
      "What the model makes of the data",
      modelFigures(group).map((root) => ({ root })),
    );
    section(place, "How it moves", dynamics);
    section(
      place,
      "Parameters and gradients over time",
      histogramFigures(group).map((root) => ({ root })),
    );
  });
  const bar = viewBar(runs, view, (what) => {
    for (const one of redrawn.charts) what === "axis" ? one.reset() : one.draw();
    if (what === "runs") for (const one of redrawn.players) one.draw();
  });
  // Beside what it governs, which is all groups or the only one.
  if (redrawn.charts.length > 0) {
    if (places.length === 1) places[0]!.prepend(bar);
    else find(document, "#view").replaceWith(bar);
  }
  downloads(runs);
  document.documentElement.dataset.ready = "true";
}

function section(
  place: HTMLElement,
  title: string,
  figures: readonly { readonly root: HTMLElement }[],
): void {
  if (figures.length === 0) return;
  const root = element(markup`<section class="figures"><h2>${title}</h2><div class="grid"></div></section>`);
  find(root, ".grid").append(...figures.map((figure) => figure.root));
  place.append(root);
}

/** Buttons that save the runs' events. */
function downloads(runs: Runs): void {
  for (const { record, name, index } of runs) {
    const { step, rows } = { step: record.steps.step.length, rows: record.steps.rows };
    const left =
      step < rows
        ? ` Of ${rows} step events ${step} are left; the curves keep the least and largest of all.`
        : "";
    const place = find(document, `.downloads[data-run="${index}"]`);
    place.append(
      element(markup`<button type="button" class="button">Save events (NDJSON)</button>`),
      element(markup`<small> Numbers of steps have seven digits.${left}</small>`),
    );
    find(place, "button").addEventListener("click", () => {
      const lines = eventsOf(record).map((event) => `${JSON.stringify(event)}\n`);
      save(name, "ndjson", new Blob(lines, { type: "application/x-ndjson" }));
    });
  }
}
