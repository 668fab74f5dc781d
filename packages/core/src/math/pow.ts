import { expCells, expSum } from "./exp-sum.js";
import { double } from "./float-bits.js";
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

/** exp(y log x), the logarithm and the product carried as sums of two doubles. For |y| < 1e20. */
function powPositive(pair: Float64Array): void {
  const y = pair[1]!;
  double[0] = pair[0]!;
  logSum();
  const logX = logParts[0]!;
  // Halves of 24 bits: the product of the first ones is exact.
  const logHead = Math.fround(logX);
  const logTail = logX - logHead + logParts[1]!;
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

function powSpecial(x: number, y: number): number {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const size = Math.abs(x);
  const negative = x < 0 || Object.is(x, -0);
  const integer = Math.floor(y) === y;
  if (x < 0 && size < Infinity && !integer && Math.abs(y) < Infinity) return NaN;
  const odd = integer && Math.abs(y) < 1e16 && Math.floor(y * 0.5) * 2 !== y;
  const result = sizeOfPower(size, y);
  return negative && odd ? -result : result;
}

/** For size >= 0 and y neither 0 nor NaN. */
function sizeOfPower(size: number, y: number): number {
  if (size === 1) return Math.abs(y) === Infinity ? NaN : 1;
  if (size > 0 && size < Infinity && Math.abs(y) < 1e20) return pow(size, y);
  // From |y| = 1e20 on, every base but 1 has left the range of doubles.
  return size > 1 === y > 0 ? Infinity : 0;
}
