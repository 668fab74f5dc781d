// Numbers as whole multiples of 1/unit: for tables, which need more digits than a double has.

/** artanh(p/q) = z + z³/3 + z⁵/5 + …; with sign -1 arctan(p/q) = z - z³/3 + z⁵/5 - … */
function inverseTangent(p: bigint, q: bigint, unit: bigint, sign = 1n): bigint {
  let sum = 0n;
  for (let power = (unit * p) / q, n = 1n; power !== 0n; n += 2n) {
    sum += power / n;
    power = (power * p * p * sign) / (q * q);
  }
  return sum;
}

/** log(p/q) = 2 artanh((p - q)/(p + q)). */
export function logarithm(p: bigint, q: bigint, unit: bigint): bigint {
  return 2n * inverseTangent(p - q, p + q, unit);
}

/** e^x = 1 + x + x²/2! + … */
export function exponential(x: bigint, unit: bigint): bigint {
  let sum = 0n;
  for (let term = unit, n = 1n; term !== 0n; n++) {
    sum += term;
    term = (term * x) / unit / n;
  }
  return sum;
}

/** π = 16 arctan(1/5) - 4 arctan(1/239) (J. Machin, 1706). */
export function pi(unit: bigint): bigint {
  return 16n * inverseTangent(1n, 5n, unit, -1n) - 4n * inverseTangent(1n, 239n, unit, -1n);
}
