import { expCells, expSum } from "./exp-sum.js";
import { double, LOW, words } from "./float-bits.js";
import { logParts, logSum } from "./log-sum.js";

/**
 * x to the power y, within 1 ulp; exact wherever the result is a double and in range.
 *
 * Special cases are those of `Math.pow`: 1 at y = 0, NaN for |x| = 1 with infinite y (IEEE 754's pow, and
 * PyTorch's, say 1), NaN for negative x with a y that is no integer.
 */
export function pow(x: number, y: number): number {
  cells[0] = x;
  cells[1] = y;
  powInto(cells);
  return cells[0]!;
}

const cells = new Float64Array(2);

/**
 * `pow` of the two numbers in `pair`, left in its first place: for code that must not allocate, as V8 does for numbers
 * that cross a call which it does not inline.
 */
export function powInto(pair: Float64Array): void {
  const x = pair[0]!;
  const y = pair[1]!;
  if (x > 0 && x < Infinity && Math.abs(y) < 1e20) powPositive(pair);
  else pair[0] = powSpecial(x, y);
}

/**
 * Logarithms taken before: base, head and tail, at a place that the base's last bits give. The powers taken in every
 * step are of the same few numbers (bias corrections 1 - β^t), and the logarithm is the costlier half.
 */
const known = new Float64Array(3 * 16);

/** exp(y log x), the logarithm and the product carried as sums of two doubles. For |y| < 1e20. */
function powPositive(pair: Float64Array): void {
  const x = pair[0]!;
  const y = pair[1]!;
  double[0] = x;
  const at = (words[LOW]! & 15) * 3;
  if (known[at] !== x) {
    logSum();
    // Halves of 24 bits: the product of the first ones is exact.
    const head = Math.fround(logParts[0]!);
    known[at] = x;
    known[at + 1] = head;
    known[at + 2] = logParts[0]! - head + logParts[1]!;
  }
  const logHead = known[at + 1]!;
  const logTail = known[at + 2]!;
  const yHead = Math.fround(y);
  const yTail = y - yHead;
  const head = yHead * logHead;
  const tail = yTail * logHead + y * logTail;
  const high = head + tail;
  expCells[0] = high;
  expCells[1] = head - high + tail;
  expSum();
  pair[0] = expCells[0]!;
}

/** For x or y that is 0, infinite or NaN, x below 0, and y that no base but 1 stays finite with. */
function powSpecial(x: number, y: number): number {
  if (x < 0 && x > -Infinity && Number.isInteger(y) && Math.abs(y) < 1e20) {
    const size = pow(-x, y);
    return y % 2 === 0 ? size : -size;
  }
  // No rounding is left, so that every JavaScript engine gives the same.
  return x ** y;
}
