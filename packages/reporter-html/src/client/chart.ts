import { type Curve, type CurvesPicture, curveColumns, drawCurves, suggestsLog } from "../draw/curve.js";
import { firstAtLeast } from "../draw/decimate.js";
import { markup } from "../draw/markup.js";
import { formatNumber, px } from "../draw/numbers.js";
import type { Range } from "../draw/scale.js";
import { pageTheme, strokeOf, type Theme, themes } from "../draw/theme.js";
import { drawnIn, element, find } from "./dom.js";
import { exportMenu } from "./export.js";
import { type Axis, axisLabels, type View } from "./view.js";

export interface ChartOptions {
  readonly title: string;
  readonly curves: () => readonly Curve[];
  readonly axis: () => Axis;
  /** Places where runs went on from a checkpoint. */
  readonly marks: () => readonly number[];
  readonly wide?: boolean;
  /** Whether the view's smoothing is for these curves: those of steps, not those of whole parts of the data. */
  readonly smooth?: boolean;
}

export interface Chart {
  readonly root: HTMLElement;
  /** Draws it anew, as the view says. */
  readonly draw: () => void;
  /** Shows the whole x axis again. */
  readonly reset: () => void;
}

/** Curves with values under the pointer, zoom by dragging, axes to choose, and a menu to save them. */
export function chart(
  { title, curves, axis, marks, wide = false, smooth = false }: ChartOptions,
  view: View,
): Chart {
  // Of few numbers, every one is seen; their average would be mostly the first of them.
  const smoothing = () =>
    smooth && shown.some(({ x, exact }) => !exact && x.length >= 100) ? view.smoothing : 0;
  const root = element(
    markup`<figure class="chart ${wide ? "wide" : ""}"><figcaption><h3>${title}</h3><span class="tools"><button type="button" class="button reset" hidden>Whole range</button><label class="toggle"><input type="checkbox" class="log-y">log y</label></span></figcaption><div class="plot" tabindex="0"><div class="drawing"></div><div class="tip" hidden></div></div></figure>`,
  );
  const drawing = find(root, ".drawing");
  const plot = find(root, ".plot");
  const tip = find(root, ".tip");
  const logY = find<HTMLInputElement>(root, ".log-y");
  const whole = find<HTMLButtonElement>(root, ".reset");
  let shown: readonly Curve[] = curves();
  logY.checked = suggestsLog(shown);
  let xRange: Range | undefined;
  let yRange: Range | undefined;
  let picture: CurvesPicture | undefined;

  const paint = (theme: Theme, width: number) =>
    drawCurves(shown, {
      ...{ width, height: wide ? 340 : 250, theme, xRange, yRange },
      ...{
        xLabel: axisLabels[axis()],
        marks: marks(),
        logX: view.logX,
        logY: logY.checked,
        smoothing: smoothing(),
      },
    });
  let drawnWidth = 0;
  const draw = drawnIn(drawing, 280, (width) => {
    shown = curves();
    drawnWidth = width;
    picture = paint(pageTheme, width);
    drawing.innerHTML = picture.svg;
    drawing.firstElementChild!.setAttribute("aria-label", title);
    whole.hidden = xRange === undefined && yRange === undefined;
    tip.hidden = true;
  });
  const reset = () => {
    xRange = yRange = undefined;
    draw();
  };
  find(root, ".tools").append(
    exportMenu(() => ({
      title,
      svg: (theme) => paint(themes[theme], 960).svg,
      columns: () => curveColumns(shown, axisLabels[axis()], smoothing()),
    })),
  );
  logY.addEventListener("change", () => {
    yRange = undefined;
    draw();
  });
  whole.addEventListener("click", reset);

  let from: readonly [x: number, y: number] | undefined;
  const pixel = (event: PointerEvent) => {
    const { left, top, width } = drawing.getBoundingClientRect();
    // The drawing is shown smaller than it was made where it is not yet drawn anew.
    const scale = drawnWidth / width;
    return [(event.clientX - left) * scale, (event.clientY - top) * scale] as const;
  };
  plot.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    from = pixel(event);
  });
  plot.addEventListener("pointermove", (event) => {
    if (picture === undefined) return;
    const [x, y] = pixel(event);
    if (from !== undefined && Math.hypot(x - from[0], y - from[1]) > 4) {
      plot.setPointerCapture(event.pointerId);
      mark(zoomBox(picture, from, [x, y]));
      tip.hidden = true;
    } else {
      hover(x);
    }
  });
  plot.addEventListener("pointerup", (event) => {
    if (from === undefined || picture === undefined) return;
    const box = zoomBox(picture, from, pixel(event));
    from = undefined;
    if (box.width < 8) return;
    xRange = [picture.x.invert(box.left), picture.x.invert(box.left + box.width)];
    yRange = box.tall ? [picture.y.invert(box.top + box.height), picture.y.invert(box.top)] : undefined;
    draw();
  });
  plot.addEventListener("pointerleave", () => {
    from = undefined;
    tip.hidden = true;
    mark(undefined);
  });
  plot.addEventListener("dblclick", reset);

  // The keys move along the curves, as the pointer does.
  let cursor = 0;
  plot.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: -8, ArrowRight: 8, Escape: 0 }[event.key];
    if (move === undefined || picture === undefined) return;
    event.preventDefault();
    if (event.key === "Escape") return reset();
    const { left, width } = picture.plot;
    cursor = Math.min(Math.max((cursor || left) + move, left), left + width);
    hover(cursor);
  });

  function mark(box: ReturnType<typeof zoomBox> | undefined): void {
    const svg = drawing.firstElementChild;
    svg?.querySelector(".mark")?.remove();
    if (box === undefined) return;
    const { left, top, width, height } = box;
    svg?.insertAdjacentHTML(
      "beforeend",
      markup`<g class="mark"><rect x="${px(left)}" y="${px(top)}" width="${px(width)}" height="${px(height)}" fill="var(--series-0)" fill-opacity="0.12" stroke="var(--series-0)"/></g>`
        .markup,
    );
  }

  function hover(at: number): void {
    if (picture === undefined) return;
    const { plot: box, x, y, smoothed } = picture;
    const svg = drawing.firstElementChild!;
    svg.querySelector(".mark")?.remove();
    tip.hidden = at < box.left || at > box.left + box.width;
    if (tip.hidden) return;
    const value = x.invert(at);
    const near = shown.flatMap((curve, i) => {
      const k = nearest(curve.x, value);
      // A run that has ended, or not begun, has no value here.
      const [from, to] = [x(curve.x[0]!), x(curve.x[curve.x.length - 1]!)];
      return k === undefined || at < from - 8 || at > to + 8
        ? []
        : [{ curve, k, average: smoothed[i]![k]!, color: strokeOf(pageTheme, curve.color ?? i).color }];
    });
    const top = box.top + box.height;
    const dots = near.flatMap(({ curve, k, average, color }) => {
      const left = x(curve.x[k]!);
      const height = y(average);
      const inside =
        left >= box.left - 1 && left <= box.left + box.width + 1 && height >= box.top && height <= top;
      return inside
        ? [
            markup`<circle cx="${px(left)}" cy="${px(height)}" r="3.5" fill="${color}" stroke="var(--paper)" stroke-width="1.5"/>`,
          ]
        : [];
    });
    svg.insertAdjacentHTML(
      "beforeend",
      markup`<g class="mark" pointer-events="none"><path d="M${px(at)} ${box.top}V${top}" stroke="var(--muted)" stroke-dasharray="3 3"/>${dots}</g>`
        .markup,
    );
    const rows = near.map(({ curve, k, average, color }) => {
      const [low, high] = [curve.min?.[k], curve.max?.[k]];
      const range =
        low !== undefined && high !== undefined && high > low
          ? ` (${formatNumber(low)} to ${formatNumber(high)})`
          : "";
      const smoothed = smoothing() > 0 && !curve.exact ? `, average ${formatNumber(average)}` : "";
      return markup`<tr><td><i class="swatch" style="background:${color}"></i>${curve.name}</td><td class="n">${formatNumber(curve.y[k]!, 5)}${range}${smoothed}</td></tr>`;
    });
    const first = near[0];
    tip.innerHTML =
      markup`<b>${axisLabels[axis()]} ${formatNumber(first ? first.curve.x[first.k]! : value, 6)}</b><table>${rows}</table>`.markup;
    const room = plot.clientWidth - tip.offsetWidth - 8;
    const beside = at + 16 > room ? at - tip.offsetWidth - 16 : at + 16;
    tip.style.transform = `translate(${px(Math.max(4, beside))}px, ${box.top + 6}px)`;
  }

  return { root, draw, reset };
}

/** What a drag chooses: a part of the x axis, and of the y axis as well where it is tall. */
function zoomBox(
  { plot }: CurvesPicture,
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
): { left: number; top: number; width: number; height: number; tall: boolean } {
  const clampX = (x: number) => Math.min(Math.max(x, plot.left), plot.left + plot.width);
  const clampY = (y: number) => Math.min(Math.max(y, plot.top), plot.top + plot.height);
  const left = Math.min(clampX(x0), clampX(x1));
  const width = Math.abs(clampX(x1) - clampX(x0));
  const tall = Math.abs(y1 - y0) > 24;
  if (!tall) return { left, width, top: plot.top, height: plot.height, tall };
  const top = Math.min(clampY(y0), clampY(y1));
  return { left, width, top, height: Math.abs(clampY(y1) - clampY(y0)), tall };
}

function nearest(x: ArrayLike<number>, value: number): number | undefined {
  if (x.length === 0) return undefined;
  const i = Math.min(firstAtLeast(x, value), x.length - 1);
  return i > 0 && value - x[i - 1]! < x[i]! - value ? i - 1 : i;
}
