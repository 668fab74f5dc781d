const SMALLEST = -540;

/** 2^k for k from -540 to 540. Doubling is exact. */
const POWERS = /* @__PURE__ */ powersOfTwo();

function powersOfTwo(): Float64Array {
  const powers = new Float64Array(2 * -SMALLEST + 1);
  let power = 1;
  for (let k = 0; k <= -SMALLEST; k++) {
    powers[k - SMALLEST] = power;
    powers[-k - SMALLEST] = 1 / power;
    power *= 2;
  }
  return powers;
}

/**
 * x · 2^k for an integer k from -1080 to 1080.
 *
 * In two halves, because 2^k itself overflows or vanishes where the product need not. For a normal x of
 * moderate size the first half is exact, so that a subnormal result is rounded once.
 */
export function ldexp(x: number, k: number): number {
  const half = k >> 1;
  return x * POWERS[half - SMALLEST]! * POWERS[k - half - SMALLEST]!;
}
