import { clip, svgDocument, textWidth, themeOf } from "./frame.js";
import { markup } from "./markup.js";
import type { PictureOptions } from "./picture.js";
import { strokeOf } from "./theme.js";

/** How often rows of each class were given each class. */
export interface Confusion {
  /** [c, c], row-major: `counts[i * c + j]` rows of class i were given class j. */
  readonly counts: ArrayLike<number>;
  readonly classes: readonly string[];
}

/** A confusion matrix: counts, coloured by their share of the true class. */
export function confusionSvg({ counts, classes }: Confusion, options: PictureOptions = {}): string {
  const c = classes.length;
  if (counts.length !== c * c) {
    throw new RangeError(
      `confusionSvg: ${counts.length} counts for ${c} classes; ${c * c} are expected, row by row.`,
    );
  }
  const { width = 560, title } = options;
  const theme = themeOf(options.theme);
  const left = Math.min(150, Math.max(...classes.map((name) => textWidth(name)))) + 42;
  const top = title ? 66 : 46;
  const cell = Math.min(64, Math.max(18, (width - left - 78) / c));
  const height = options.height ?? Math.round(top + cell * c + 30);
  const { color } = strokeOf(theme, 0);
  const indices = classes.map((_, i) => i);
  const sums = indices.map((i) => indices.reduce((sum, j) => sum + counts[i * c + j]!, 0));
  const total = sums.reduce((sum, n) => sum + n, 0);
  const right = indices.reduce((sum, i) => sum + counts[i * c + i]!, 0);
  const size = Math.min(13, cell / 2.4);
  const cells = indices.flatMap((i) =>
    indices.map((j) => {
      const n = counts[i * c + j]!;
      const share = sums[i]! > 0 ? n / sums[i]! : 0;
      const [x, y] = [left + j * cell, top + i * cell];
      const hue = i === j ? color : strokeOf(theme, 1).color;
      return markup`<rect x="${x}" y="${y}" width="${cell - 2}" height="${cell - 2}" rx="3" fill="${theme.grid}"/>${n > 0 && markup`<rect x="${x}" y="${y}" width="${cell - 2}" height="${cell - 2}" rx="3" fill="${hue}" fill-opacity="${Math.round((0.15 + 0.85 * share) * 100) / 100}"/>`}<text x="${x + cell / 2 - 1}" y="${y + cell / 2 - 1 + size * 0.36}" text-anchor="middle" font-size="${size}" fill="${share > 0.45 ? theme.paper : n > 0 ? theme.ink : theme.muted}">${n}</text>`;
    }),
  );
  const names = classes.map((name, i) => {
    const recall = sums[i]! > 0 ? `${Math.round((1000 * counts[i * c + i]!) / sums[i]!) / 10} %` : "–";
    return markup`<text x="${left - 8}" y="${top + i * cell + cell / 2 + 3}" text-anchor="end" fill="${theme.ink}">${clip(name, 150, 11)}</text><text x="${left + i * cell + cell / 2}" y="${top - 7}" text-anchor="middle" fill="${theme.ink}">${clip(name, cell, 11)}</text><text x="${left + c * cell + 6}" y="${top + i * cell + cell / 2 + 3}" fill="${theme.muted}">${recall}</text>`;
  });
  const heading =
    title &&
    markup`<text x="12" y="20" font-size="13" font-weight="600" fill="${theme.ink}">${clip(title, width - 24, 13)}</text>`;
  const body = markup`${heading ?? ""}<g fill="${theme.muted}"><text x="${left + (c * cell) / 2}" y="${top - 26}" text-anchor="middle">predicted</text><text x="${left + c * cell + 6}" y="${top - 7}">recall</text><text transform="translate(16 ${top + (c * cell) / 2}) rotate(-90)" text-anchor="middle">true</text><text x="${left}" y="${top + c * cell + 18}">${right} of ${total} right${total > 0 ? ` (${Math.round((1000 * right) / total) / 10} %)` : ""}</text></g>${cells}${names}`;
  return svgDocument(width, height, theme, title ?? "Confusion matrix", body);
}
