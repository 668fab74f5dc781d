import type { FigureEvent } from "@downhill/core/train";
import { type Drawing, drawingsOf } from "../draw/figure.js";
import { type Histogram, histogramsSvg } from "../draw/histograms.js";
import { markup } from "../draw/markup.js";
import { pageTheme, themes } from "../draw/theme.js";
import type { RunRecord } from "../record/run-record.js";
import { drawnIn, element, find } from "./dom.js";
import { exportMenu } from "./export.js";
import type { Runs } from "./runs.js";

const notable: readonly FigureEvent["kind"][] = ["fit", "regions", "confusion", "samples"];

/** What tells pictures of the same rows apart; those of a fit say it themselves. */
const headings: Readonly<Record<string, string>> = {
  regions: "Decision regions: ",
  confusion: "Confusion: ",
};

/** What the models make of their data: each picture with a slider where it was taken several times. */
export function modelFigures(runs: Runs): HTMLElement[] {
  return runs.flatMap(({ record, name }) => {
    const groups = new Map<string, FigureEvent[]>();
    for (const event of record.figures) {
      if (!notable.includes(event.kind)) continue;
      const key = `${event.kind}:${event.title}`;
      groups.set(key, [...(groups.get(key) ?? []), event]);
    }
    return [...groups.values()].flatMap((events) => {
      const drawings = events.map((event) => ({ step: event.step, drawings: drawn(event) }));
      const count = Math.min(...drawings.map((snapshot) => snapshot.drawings.length));
      const heading = runs.length > 1 ? name : "";
      return Array.from({ length: count }, (_, i) =>
        figure(
          drawings.map(({ step, drawings }) => ({ step, drawing: drawings[i]! })),
          heading,
          events[0]!.kind,
        ),
      );
    });
  });
}

/** A figure that cannot be drawn says so in its place, and keeps no other from being drawn. */
function drawn(event: FigureEvent): Drawing[] {
  try {
    return drawingsOf(event);
  } catch (error) {
    const title = `${event.title}: ${error instanceof Error ? error.message : String(error)}`;
    return [{ title, svg: () => "", columns: () => ({}) }];
  }
}

interface Snapshot {
  readonly step: number;
  readonly drawing: Drawing;
}

function figure(snapshots: readonly Snapshot[], runName: string, kind: string): HTMLElement {
  const most = snapshots.length - 1;
  const title = (headings[kind] ?? "") + snapshots[most]!.drawing.title;
  const root = element(
    markup`<figure class="chart"><figcaption><h3>${runName ? `${runName}: ${title}` : title}</h3><span class="tools"></span></figcaption><div class="drawing" data-kind="${kind}"></div>${most > 0 && markup`<div class="player"><input class="scrub" type="range" min="0" max="${most}" value="${most}" aria-label="Step"><output></output></div>`}</figure>`,
  );
  const drawing = find(root, ".drawing");
  const scrub = root.querySelector<HTMLInputElement>(".scrub");
  const chosen = () => snapshots[scrub ? Number(scrub.value) : most]!;
  const draw = drawnIn(drawing, 260, (width) => {
    const { step, drawing: chosenDrawing } = chosen();
    drawing.innerHTML = chosenDrawing.svg({ width, theme: pageTheme, title: "", ...heightOf(kind, width) });
    const output = root.querySelector("output");
    if (output) output.textContent = `step ${step}`;
  });
  scrub?.addEventListener("input", draw);
  find(root, ".tools").append(
    exportMenu(() => ({
      title,
      svg: (theme) => chosen().drawing.svg({ theme: themes[theme], width: 960, ...heightOf(kind, 960) }),
      columns: () => chosen().drawing.columns(),
    })),
  );
  return root;
}

/** Matrices and samples are as high as they must be. */
function heightOf(kind: string, width: number): { height?: number } {
  return kind === "confusion" || kind === "samples"
    ? {}
    : { height: Math.round(Math.min(620, width * 0.72)) };
}

/** Histograms of a run's parameters and gradients, by parameter. */
export function histogramFigures(runs: Runs): HTMLElement[] {
  return runs.flatMap(({ record, name: runName, index }) =>
    (["parameters", "gradients"] as const).flatMap((what) =>
      spreadOut(record.histograms[what]).map(([name, slices]) => {
        const title = `${name}${what === "gradients" ? ", gradient" : ""}`;
        const heading = runs.length > 1 ? `${runName}: ${title}` : title;
        const root = element(
          markup`<figure class="chart small"><figcaption><h3>${heading}</h3><span class="tools"></span></figcaption><div class="drawing" data-kind="histograms"></div></figure>`,
        );
        const drawing = find(root, ".drawing");
        const options = { color: index, xLabel: what === "gradients" ? `gradient of ${name}` : name };
        drawnIn(drawing, 220, (width) => {
          drawing.innerHTML = histogramsSvg(slices, { ...options, width, theme: pageTheme });
        });
        find(root, ".tools").append(
          exportMenu(() => ({
            title: heading,
            svg: (theme) =>
              histogramsSvg(slices, {
                ...options,
                title: heading,
                width: 640,
                height: 420,
                theme: themes[theme],
              }),
            columns: () => ({
              step: slices.flatMap(({ step, counts }) => counts.map(() => step)),
              left: slices.flatMap(({ low, high, counts }) =>
                counts.map((_, i) => low + (i * (high - low)) / counts.length),
              ),
              right: slices.flatMap(({ low, high, counts }) =>
                counts.map((_, i) => low + ((i + 1) * (high - low)) / counts.length),
              ),
              count: slices.flatMap(({ counts }) => counts),
            }),
          })),
        );
        return root;
      }),
    ),
  );
}

/** Those of more than one number: one has no spread. */
function spreadOut(histograms: RunRecord["histograms"]["parameters"]): [string, readonly Histogram[]][] {
  return Object.entries(histograms).filter(([, slices]) =>
    slices.some(({ counts }) => counts.reduce((sum, n) => sum + n, 0) > 1),
  );
}
