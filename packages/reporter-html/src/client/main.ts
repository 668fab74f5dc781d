import { markup } from "../draw/markup.js";
import { runNames } from "../page/run-names.js";
import { unembed } from "../record/embed.js";
import { eventsOf } from "../record/events-of.js";
import { fromBase64 } from "../record/packed.js";
import { chart } from "./chart.js";
import { dynamicsCharts, lossCharts, type Runs } from "./curves.js";
import { element, find } from "./dom.js";
import { save } from "./export.js";
import { histogramFigures, modelFigures } from "./figures.js";
import { landscapePlayers } from "./player.js";
import { startingView } from "./starting-view.js";
import { themeButton } from "./theme-button.js";
import { viewBar } from "./view-bar.js";

open();

async function open(): Promise<void> {
  themeButton(find<HTMLButtonElement>(document, "#theme"));
  const compressed = new Blob([fromBase64(find(document, "#runs").textContent)]).stream();
  const json = await new Response(compressed.pipeThrough(new DecompressionStream("gzip"))).text();
  const records = unembed(json);
  const runs: Runs = { records, names: runNames(records) };
  const app = find(document, "#app");
  const view = startingView(records);

  const losses = lossCharts(runs, view).map((options) => chart(options, view));
  const dynamics = dynamicsCharts(runs, view).map((options) => chart(options, view));
  const players = landscapePlayers(runs, view);
  const charts = [...losses, ...dynamics];
  const bar = viewBar(runs, view, (what) => {
    for (const one of charts) what === "axis" ? one.reset() : one.draw();
    if (what === "runs") for (const one of players) one.draw();
  });
  if (charts.length > 0) app.append(bar);
  section(
    "Loss and metrics",
    losses.map(({ root }) => root),
  );
  section(
    "Landscape",
    players.map(({ root }) => root),
  );
  section("What the model makes of the data", modelFigures(runs));
  section(
    "How it moves",
    dynamics.map(({ root }) => root),
  );
  section("Parameters and gradients over time", histogramFigures(runs));
  downloads(runs);
  document.documentElement.dataset.ready = "true";

  function section(title: string, figures: readonly HTMLElement[]): void {
    if (figures.length === 0) return;
    const root = element(
      markup`<section class="figures"><h2>${title}</h2><div class="grid"></div></section>`,
    );
    find(root, ".grid").append(...figures);
    app.append(root);
  }
}

/** Buttons that save the runs' events. */
function downloads({ records, names }: Runs): void {
  records.forEach((record, i) => {
    const { step, rows } = { step: record.steps.step.length, rows: record.steps.rows };
    const left =
      step < rows
        ? ` Of ${rows} step events ${step} are left; the curves keep the least and largest of all.`
        : "";
    const place = find(document, `.downloads[data-run="${i}"]`);
    place.append(
      element(markup`<button type="button" class="button">Save events (NDJSON)</button>`),
      element(markup`<small> Numbers of steps have seven digits.${left}</small>`),
    );
    find(place, "button").addEventListener("click", () => {
      const lines = eventsOf(record).map((event) => `${JSON.stringify(event)}\n`);
      save(names[i]!, "ndjson", new Blob(lines, { type: "application/x-ndjson" }));
    });
  });
}
