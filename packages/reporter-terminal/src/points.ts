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
    [x, y] = [[], []];
    const keep = (i: number) => {
      x.push(oldX[i]!);
      y.push(oldY[i]!);
    };
    keep(0);
    for (let from = 1; from < oldX.length; from += 4) {
      let [low, high] = [from, from];
      for (let i = from + 1; i < Math.min(from + 4, oldX.length); i++) {
        if (Number.isNaN(oldY[low]) || oldY[i]! < oldY[low]!) low = i;
        if (Number.isNaN(oldY[high]) || oldY[i]! >= oldY[high]!) high = i;
      }
      keep(Math.min(low, high));
      if (low !== high) keep(Math.max(low, high));
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
