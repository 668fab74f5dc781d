import { clip, svgDocument, themeOf } from "./frame.js";
import { markup } from "./markup.js";
import type { PictureOptions } from "./picture.js";
import { pngImage } from "./png-image.js";

/** Images with what a model takes them for. */
export interface Samples {
  /** [k, h, w] grey or [k, h, w, 3] red, green, blue; the least number is black, the largest white. */
  readonly images: ArrayLike<number>;
  readonly shape: readonly number[];
  /** [k]: true classes. */
  readonly actual?: ArrayLike<number> | undefined;
  /** [k]: classes given by the model. */
  readonly predicted?: ArrayLike<number> | undefined;
  /** [k]: how sure the model is of them, from 0 to 1. */
  readonly confidence?: ArrayLike<number> | undefined;
  readonly classes?: readonly string[] | undefined;
}

/** Images in a grid, each with the class it was given; wrong ones are marked and name the true class. */
export function samplesSvg(samples: Samples, options: PictureOptions = {}): string {
  const { images, shape, actual, predicted, confidence, classes } = samples;
  const [k = 0, h = 0, w = 0, channels = 1] = shape;
  const each = h * w * channels;
  if (shape.length < 3 || (channels !== 1 && channels !== 3) || images.length !== k * each || each === 0) {
    throw new RangeError(
      `samplesSvg: images of shape [${shape.join(", ")}] with ${images.length} numbers. Expected [k, h, w] or [k, h, w, 3].`,
    );
  }
  const { width = 720, title } = options;
  const theme = themeOf(options.theme);
  const top = title ? 36 : 12;
  const columns = Math.max(1, Math.min(k, Math.floor((width - 24) / 80)));
  const cell = (width - 24) / columns;
  const side = Math.min(cell - 16, 72);
  const rowHeight = side + 40;
  const height = options.height ?? Math.round(top + Math.ceil(k / columns) * rowHeight + 6);
  const toByte = byteOf(images);
  // Large enough that no renderer blurs one pixel into the next.
  const enlargement = Math.ceil((2 * side) / Math.max(w, h));
  const name = (index: number | undefined) =>
    index === undefined ? "" : (classes?.[index] ?? String(index));
  const cells = Array.from({ length: k }, (_, i) => {
    const x = 12 + (i % columns) * cell + (cell - side) / 2;
    const y = top + Math.floor(i / columns) * rowHeight;
    const pixels = Uint8Array.from({ length: each }, (_, p) => toByte(images[i * each + p]!));
    const right = actual === undefined || predicted === undefined || actual[i] === predicted[i];
    const sure = confidence === undefined ? "" : `${Math.round(100 * confidence[i]!)} %`;
    const said = predicted ? name(predicted[i]) : name(actual?.[i]);
    const color = right ? theme.ink : theme.alarm;
    return markup`<image href="${pngImage(enlarged(pixels, w, h, channels, enlargement), w * enlargement, h * enlargement, channels)}" x="${x}" y="${y}" width="${side}" height="${side}"/><rect x="${x - 1}" y="${y - 1}" width="${side + 2}" height="${side + 2}" fill="none" stroke="${right ? theme.axis : theme.alarm}" stroke-width="${right ? 1 : 2.5}"/><text x="${x + side / 2}" y="${y + side + 15}" text-anchor="middle" fill="${color}" font-weight="600">${right ? "" : "✗ "}${clip(said, cell - 30, 11)}<tspan dx="4" font-weight="400" fill="${theme.muted}">${sure}</tspan></text>${!right && markup`<text x="${x + side / 2}" y="${y + side + 29}" text-anchor="middle" fill="${theme.muted}">is ${clip(name(actual[i]), cell - 20, 11)}</text>`}`;
  });
  const heading = title
    ? markup`<text x="12" y="20" font-size="13" font-weight="600" fill="${theme.ink}">${clip(title, width - 24, 13)}</text>`
    : "";
  return svgDocument(width, height, theme, title ?? "Samples", markup`${heading}${cells}`);
}

/** Each pixel as a square of so many. */
function enlarged(pixels: Uint8Array, w: number, h: number, channels: number, factor: number): Uint8Array {
  const large = new Uint8Array(pixels.length * factor * factor);
  const stride = w * factor * channels;
  for (let y = 0; y < h * factor; y++) {
    for (let x = 0; x < w * factor; x++) {
      const from = (Math.floor(y / factor) * w + Math.floor(x / factor)) * channels;
      large.set(pixels.subarray(from, from + channels), y * stride + x * channels);
    }
  }
  return large;
}

function byteOf(values: ArrayLike<number>): (value: number) => number {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  return (value) => (high > low ? Math.round((255 * (value - low)) / (high - low)) : 0);
}
