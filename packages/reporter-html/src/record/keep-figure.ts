import type { FigureEvent, Packed } from "@downhill/core/train";
import { pack, unpack } from "./packed.js";

const mostOfAKind = 16;

/**
 * Keeps a figure: of landscapes the latest (its path holds all before it), of other figures of the same kind and title
 * the first, the latest, and evenly spaced ones between. Large arrays of float64 are kept as float32.
 */
export function keepFigure(figures: FigureEvent[], event: FigureEvent): void {
  const alike = figures.filter(({ kind, title }) => kind === event.kind && title === event.title);
  if (event.kind === "landscape") {
    for (const old of alike) figures.splice(figures.indexOf(old), 1);
  } else if (alike.length >= mostOfAKind) {
    for (let i = 1; i < alike.length; i += 2) figures.splice(figures.indexOf(alike[i]!), 1);
  }
  figures.push({ ...event, data: event.kind === "landscape" ? thinned(event.data) : packed(event.data) });
}

type Data = FigureEvent["data"];

function packed(data: Data): Data {
  const entries = Object.entries(data).map(([key, array]) => [
    key,
    repacked(unpack(array), array.shape, array),
  ]);
  return Object.fromEntries(entries);
}

const large = 1000;

function repacked(numbers: ArrayLike<number>, shape: readonly number[], { dtype }: Packed): Packed {
  return pack(numbers, shape, dtype === "float64" && numbers.length > large ? "float32" : dtype);
}

/**
 * A landscape whose paths have lost the points that lie within 1/2000 of the picture from the last one kept; beyond
 * 2000 points, a coarser measure. What belongs to a path (gradient, momentum, step) is kept at its points;
 * `<path>Steps` says which points these are.
 */
function thinned(data: Data): Data {
  const kept: Record<string, Packed> = {};
  const indices = new Map<string, number[]>();
  for (const [key, array] of Object.entries(data)) {
    const owner = pathKeyOf(key);
    const path = owner && data[owner];
    if (!path || array.shape[0] !== path.shape[0]) {
      kept[key] = repacked(unpack(array), array.shape, array);
      continue;
    }
    const keep = indices.get(owner) ?? indicesToKeep(unpack(path), spanOf(data.x), spanOf(data.y));
    indices.set(owner, keep);
    const width = array.shape[1] ?? 1;
    const numbers = unpack(array);
    const rows = keep.flatMap((k) => Array.from({ length: width }, (_, c) => numbers[k * width + c]!));
    kept[key] = repacked(rows, [keep.length, ...array.shape.slice(1)], array);
    if (key === owner && data[`${owner}Steps`] === undefined) {
      kept[`${owner}Steps`] = pack(keep, [keep.length], "int32");
    }
  }
  return kept;
}

/** The path that an array of a landscape belongs to: "path2" for "path2", "gradient2" and "path2Steps". */
function pathKeyOf(key: string): string | undefined {
  const number = /^(?:path|gradient|momentum|step)(\d*)(?:Steps)?$/.exec(key)?.[1];
  return number === undefined ? undefined : `path${number}`;
}

function spanOf(axis: Packed | undefined): number {
  const numbers = axis === undefined ? [] : unpack(axis);
  return numbers.length > 1 ? Math.abs(numbers[numbers.length - 1]! - numbers[0]!) : 1;
}

function indicesToKeep(points: ArrayLike<number>, width: number, height: number): number[] {
  const count = points.length / 2;
  for (let share = 1 / 2000; ; share *= 2) {
    const keep: number[] = [];
    let last = 0;
    for (let k = 0; k < count; k++) {
      const dx = (points[2 * k]! - points[2 * last]!) / width;
      const dy = (points[2 * k + 1]! - points[2 * last + 1]!) / height;
      // Also true of points that are not finite.
      if (k === 0 || k === count - 1 || count <= 500 || !(Math.hypot(dx, dy) < share)) {
        keep.push(k);
        last = k;
      }
    }
    if (keep.length <= 2000 || share > 0.1) return keep.slice(0, 2000);
  }
}
