/** A curve that grows, in bounded memory. */
export interface Points {
  readonly x: readonly number[];
  readonly y: readonly number[];
  push(x: number, y: number): void;
}

/**
 * A curve of at most `capacity` points. A full one is thinned to half: of every four neighbours the lowest and the
 * highest stay, so that no spike is lost and none is made up. The first point stays, too.
 */
export function createPoints(capacity = 4096): Points {
  let x: number[] = [];
  let y: number[] = [];

  const thin = () => {
    const [oldX, oldY] = [x, y];
    x = [oldX[0]!];
    y = [oldY[0]!];
    for (let from = 1; from < oldX.length; from += 4) {
      const four = Array.from({ length: Math.min(4, oldX.length - from) }, (_, i) => from + i);
      const finite = four.filter((i) => Number.isFinite(oldY[i]));
      const among = finite.length > 0 ? finite : four;
      const low = among.reduce((a, b) => (oldY[b]! < oldY[a]! ? b : a));
      const high = among.reduce((a, b) => (oldY[b]! >= oldY[a]! ? b : a));
      for (const i of new Set([Math.min(low, high), Math.max(low, high)])) {
        x.push(oldX[i]!);
        y.push(oldY[i]!);
      }
    }
  };

  return {
    get x() {
      return x;
    },
    get y() {
      return y;
    },
    push(at, value) {
      if (x.length >= capacity) thin();
      x.push(at);
      y.push(value);
    },
  };
}
