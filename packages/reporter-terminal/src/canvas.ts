/** What is seen in one character cell: the character and which ink it is drawn in, -1 for none. */
export interface Cell {
  readonly text: string;
  readonly ink: number;
}

/** A grid of dots behind a grid of characters. Dots are counted from the top left. */
export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  /** Dots across and down. */
  readonly width: number;
  readonly height: number;
  /** Sets a dot; one outside the canvas is left out. */
  dot(x: number, y: number, ink: number): void;
  /** Sets the dots from one to the other; `solid` may leave some of them out. */
  line(
    x0: number,
    y0: number,
    x1: number,
    y1: number,
    ink: number,
    solid?: (x: number, y: number) => boolean,
  ): void;
  cell(column: number, row: number): Cell;
}

// Dots of a braille character (Unicode block 2800), by row, left and right.
const bits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** Characters that stand for inks where there is no braille. */
export const marks = ["*", "o", "x", "+", "#", "@", "%", "&"] as const;

/** An empty canvas: braille has 2 × 4 dots in a character, ASCII one, drawn as the ink's mark. */
export function createCanvas(columns: number, rows: number, braille: boolean): Canvas {
  const across = braille ? 2 : 1;
  const down = braille ? 4 : 1;
  const width = columns * across;
  const height = rows * down;
  const dots = new Uint8Array(columns * rows);
  const inks = new Int16Array(columns * rows).fill(-1);

  const dot: Canvas["dot"] = (x, y, ink) => {
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    const at = Math.floor(y / down) * columns + Math.floor(x / across);
    dots[at]! |= bits[y % down]![x % across]!;
    inks[at] = ink;
  };

  return {
    columns,
    rows,
    width,
    height,
    dot,
    // Bresenham, "Algorithm for computer control of a digital plotter", IBM Systems Journal 4 (1965).
    line(x0, y0, x1, y1, ink, solid = () => true) {
      const dx = Math.abs(x1 - x0);
      const dy = -Math.abs(y1 - y0);
      const sx = x0 < x1 ? 1 : -1;
      const sy = y0 < y1 ? 1 : -1;
      let error = dx + dy;
      for (let x = x0, y = y0; ; ) {
        if (solid(x, y)) dot(x, y, ink);
        if (x === x1 && y === y1) return;
        const twice = 2 * error;
        if (twice >= dy) {
          error += dy;
          x += sx;
        }
        if (twice <= dx) {
          error += dx;
          y += sy;
        }
      }
    },
    cell(column, row) {
      const at = row * columns + column;
      const ink = inks[at]!;
      if (ink < 0) return { text: " ", ink };
      return { text: braille ? String.fromCodePoint(0x2800 + dots[at]!) : marks[ink % marks.length]!, ink };
    },
  };
}
