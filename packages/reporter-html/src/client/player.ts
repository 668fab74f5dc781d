import type { FigureEvent } from "@downhill/core/train";
import { type ContourPicture, contourSvg, drawContour, type Landscape } from "../draw/contour.js";
import { drawingsOf, landscapeOf } from "../draw/figure.js";
import { svgDocument } from "../draw/frame.js";
import { markup } from "../draw/markup.js";
import { formatNumber } from "../draw/numbers.js";
import { pageTheme, strokeOf, themes } from "../draw/theme.js";
import { arrowColors, pointAt, type Trail } from "../draw/trails.js";
import { drawnIn, element, find, onceAFrame } from "./dom.js";
import { exportMenu } from "./export.js";
import type { Runs } from "./runs.js";
import type { View } from "./view.js";

interface Scene {
  readonly event: FigureEvent;
  readonly landscape: Landscape;
  /** With the run that each belongs to. */
  readonly trails: readonly (Trail & { readonly run: number })[];
}

/** Runs over the same ground share a picture. */
function scenesOf(runs: Runs): Scene[] {
  const scenes = new Map<
    string,
    { event: FigureEvent; landscape: Landscape; trails: (Trail & { run: number })[] }
  >();
  for (const { record, name: runName, index: run } of runs) {
    for (const event of record.figures) {
      if (event.kind !== "landscape") continue;
      const landscape = landscapeOf(event);
      const ground = JSON.stringify([
        event.title,
        event.data.x?.data,
        event.data.y?.data,
        event.data.z?.data,
      ]);
      const scene = scenes.get(ground) ?? { event, landscape, trails: [] };
      scenes.set(ground, scene);
      const own = landscape.trails ?? [];
      for (const trail of own) {
        const name = runs.length > 1 ? (own.length > 1 ? `${runName}, ${trail.name}` : runName) : trail.name;
        const color = runs.length > 1 && own.length === 1 ? run : scene.trails.length;
        scene.trails.push({ ...trail, name, run, color });
      }
    }
  }
  return [...scenes.values()];
}

/** A contour picture of each landscape, with its trails to be played. */
export function landscapePlayers(runs: Runs, view: View): { root: HTMLElement; draw: () => void }[] {
  return scenesOf(runs).map((scene) => player(scene, view));
}

/** Places of the scrub. */
const mostPositions = 400;

function player({ event, landscape, trails }: Scene, view: View) {
  const last = Math.max(
    1,
    ...trails.map(({ points, steps }) => (steps ? (steps[steps.length - 1] ?? 0) : points.length / 2 - 1)),
  );
  // The first steps of a long way are the largest: it is gone through slowly at first.
  const positions = Math.min(last, mostPositions);
  const toStep = (position: number) => (last > mostPositions ? last * (position / positions) ** 3 : position);
  const title = event.title || "Landscape";
  const root = element(
    markup`<figure class="chart wide"><figcaption><h3>${title}</h3><span class="tools"></span></figcaption><div class="drawing"></div><div class="player"><button type="button" class="button play" aria-label="Play">▶ Play</button><input class="scrub" type="range" min="0" max="${positions}" step="1" value="${positions}" aria-label="Step"><label>speed <select class="speed"><option value="0.25">¼×</option><option value="0.5">½×</option><option value="1" selected>1×</option><option value="2">2×</option><option value="4">4×</option></select></label><output></output></div><p class="arrows"></p></figure>`,
  );
  const drawing = find(root, ".drawing");
  const scrub = find<HTMLInputElement>(root, ".scrub");
  const speed = find<HTMLSelectElement>(root, ".speed");
  const play = find(root, ".play");
  const output = find(root, "output");
  let at: number | undefined;
  let picture: ContourPicture | undefined;
  let shown = trails;

  const labels = () => {
    const { labels = {} } = event;
    const text = (key: string) => (typeof labels[key] === "string" ? labels[key] : undefined);
    return { xLabel: text("x"), yLabel: text("y") };
  };
  const ground = () => ({ x: landscape.x, y: landscape.y, z: landscape.z, trails: shown });
  const draw = drawnIn(drawing, 280, (width) => {
    shown = trails.filter(({ run }) => !view.hidden.has(run));
    const height = Math.round(Math.min(560, Math.max(300, width * 0.62)));
    picture = drawContour(ground(), { width, height, theme: pageTheme, ...labels() });
    const { back, front, label, theme } = picture;
    drawing.innerHTML = svgDocument(
      width,
      height,
      theme,
      label,
      markup`${back}<g class="trails"></g>${front}`,
    );
    move();
  });
  const move = () => {
    if (picture === undefined) return;
    find<SVGGElement>(drawing, ".trails").innerHTML = picture.trails(at).markup;
    const places = shown.map((trail, i) => {
      const k = pointAt(trail, at ?? last);
      const { color } = strokeOf(pageTheme, trail.color ?? i);
      return markup`<span><i class="swatch" style="background:${color}"></i>${formatNumber(trail.points[2 * k] ?? Number.NaN)}, ${formatNumber(trail.points[2 * k + 1] ?? Number.NaN)}</span>`;
    });
    output.innerHTML = markup`<b>step ${Math.round(at ?? last)}</b>${places}`.markup;
  };
  const moveSoon = onceAFrame(move);

  const kinds = Object.entries(arrowColors).filter(
    ([name]) =>
      name === "step" ||
      trails.some((trail) => (name === "momentum" ? trail.momentum : trail.gradient) !== undefined),
  );
  find(root, ".arrows").innerHTML =
    markup`While it plays, arrows: ${kinds.map(([name, color]) => markup`<span><i class="swatch" style="background:${color}"></i>${name}</span> `)} in their true directions, their lengths growing with the fourth root of their sizes.`.markup;

  let playing = false;
  let before = 0;
  let position = positions;
  const stop = () => {
    playing = false;
    play.textContent = "▶ Play";
  };
  const tick = (now: number) => {
    if (!playing) return;
    // The whole way takes eight seconds at normal speed.
    position = Math.min(positions, position + ((now - before) / 8000) * positions * Number(speed.value));
    at = toStep(position);
    before = now;
    scrub.value = String(Math.round(position));
    move();
    if (position >= positions) stop();
    else requestAnimationFrame(tick);
  };
  play.addEventListener("click", () => {
    if (playing) return stop();
    playing = true;
    play.textContent = "❚❚ Pause";
    if (position >= positions) position = 0;
    before = performance.now();
    requestAnimationFrame(tick);
  });
  scrub.addEventListener("input", () => {
    stop();
    position = Number(scrub.value);
    at = toStep(position);
    moveSoon();
  });
  find(root, ".tools").append(
    exportMenu(() => ({
      title,
      svg: (theme) =>
        contourSvg(ground(), {
          title,
          theme: themes[theme],
          width: 960,
          height: 640,
          ...labels(),
          ...(at !== undefined && { at }),
        }),
      columns: () => drawingsOf(event)[0]!.columns(),
    })),
  );
  return { root, draw };
}
