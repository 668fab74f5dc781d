/** What the double of pi/2 leaves out (tools/oracles/math_constants.py). */
const QUARTER_LOW = 6.123233995736766e-17;

/**
 * The angle of the point (x, y) from the x axis, in radians from -pi to pi, within 2 ulp.
 *
 * Signed zeros and infinities count as in `Math.atan2`.
 */
export function atan2(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const height = Math.abs(y);
  const width = Math.abs(x);
  const steep = height > width;
  const left = x < 0 || Object.is(x, -0);
  // The angle to the nearest half of an axis, then from there to the right half of the x axis.
  const near = steep ? octant(width, height) : octant(height, width);
  const turns = steep ? 1 : left ? 2 : 0;
  const back = steep !== left;
  const low = turns * QUARTER_LOW + (back ? -near : near);
  const angle = turns === 0 ? near : turns * (Math.PI / 2) + low;
  return y < 0 || Object.is(y, -0) ? -angle : angle;
}

/** atan(a/b) for 0 <= a <= b, and for two zeros 0, for two infinities pi/4. */
function octant(a: number, b: number): number {
  if (b === 0) return 0;
  if (b === Infinity) return a === b ? Math.PI / 4 : 0;
  if (b - a > a) return arctangent(a / b);
  // atan(a/b) = pi/4 + atan((a - b)/(a + b)), both halved where the sum would overflow.
  const half = b > 1 ? 0.5 : 1;
  return Math.PI / 4 + (QUARTER_LOW / 2 + arctangent((a * half - b * half) / (a * half + b * half)));
}

/** atan z for |z| <= 1/2. Minimax polynomial, relative error below 2^-57 (tools/oracles/math_constants.py). */
function arctangent(x: number): number {
  const z = x * x;
  const z2 = z * z;
  const z4 = z2 * z2;
  const series =
    -0.33333333333332993 +
    z * 0.19999999999905635 +
    z2 * (-0.14285714276589417 + z * 0.11111110667815599) +
    z4 * (-0.09090896435685566 + z * 0.07692076715578518) +
    z4 * z2 * (-0.06663837572981793 + z * 0.05858471312401208) +
    z4 * z4 * (-0.05122732505761557 + z * 0.041884441018521325) +
    z4 * z4 * z2 * (-0.02746466155804985 + z * 0.010136742138071085);
  return x + x * z * series;
}
