/**
 * Functions that shaders lack, or have with too few digits: float32 within a few ulp, with the special values of
 * JavaScript's. Graphics drivers may assume that there is no NaN, so that it is looked for among the bits.
 *
 * Written in WGSL, in the part of it that `translate` can turn into GLSL: declarations name their types, and casts that
 * keep the bits are `bitcast`.
 */
const functions = {
  isNan: `fn d_isNan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}`,
  isInfinite: `fn d_isInfinite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) == 0x7f800000u;
}`,
  minimum: `fn d_minimum(a: f32, b: f32) -> f32 {
  return select(select(select(a, b, b < a), a, d_isNan(a)), b, d_isNan(b));
}`,
  maximum: `fn d_maximum(a: f32, b: f32) -> f32 {
  return select(select(select(a, b, b > a), a, d_isNan(a)), b, d_isNan(b));
}`,
  sign: `fn d_sign(x: f32) -> f32 {
  return select(select(x, 1.0, x > 0.0), -1.0, x < 0.0);
}`,
  // x - x: 0, but NaN where x is not finite. A compiler may make 0 of it.
  nothingOf: `fn d_nothingOf(x: f32) -> f32 {
  return select(0.0, d_nan(), d_isNan(x) || d_isInfinite(x));
}`,
  // 2^n for n from -126 to 127.
  powerOfTwo: `fn d_powerOfTwo(n: i32) -> f32 {
  return bitcast<f32>(u32(n + 127) << 23u);
}`,
  // y 2^n, in halves, so that neither overflows nor vanishes before the product does.
  scaled: `fn d_scaled(y: f32, n: i32) -> f32 {
  let first: i32 = n >> 1u;
  return y * d_powerOfTwo(first) * d_powerOfTwo(n - first);
}`,
  // (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2, from S. L. Moshier's Cephes library.
  expTail: `fn d_expTail(r: f32) -> f32 {
  return ((((1.98756915e-4 * r + 1.3981999507e-3) * r + 8.3334519073e-3) * r + 4.1665795894e-2) * r
    + 1.6666665459e-1) * r + 5.0000001201e-1;
}`,
  // x = n ln 2 + r, ln 2 in two parts (W. J. Cody and W. Waite, "Software Manual for the Elementary Functions", 1980).
  exp: `fn d_exp(x: f32) -> f32 {
  let c: f32 = clamp(x, -104.0, 89.0);
  let n: f32 = floor(c * 1.44269504 + 0.5);
  let r: f32 = (c - n * 0.693359375) + n * 2.1219444e-4;
  let y: f32 = d_scaled(1.0 + (r + r * r * d_expTail(r)), i32(n));
  return select(select(y, d_inf(), x > 88.722839), x, d_isNan(x));
}`,
  // 2^n (e^r - 1 + 1 - 2^-n): at n = 0 that is e^r - 1, whole.
  expm1: `fn d_expm1(x: f32) -> f32 {
  let c: f32 = clamp(x, -18.0, 89.0);
  let n: f32 = floor(c * 1.44269504 + 0.5);
  let r: f32 = (c - n * 0.693359375) + n * 2.1219444e-4;
  let rest: f32 = 1.0 - d_powerOfTwo(i32(-min(n, 100.0)));
  let y: f32 = d_scaled((r + r * r * d_expTail(r)) + rest, i32(n));
  return select(select(y, d_inf(), x > 88.722839), x, d_isNan(x) || x == 0.0);
}`,
  // log(1 + f) for 1 + f from sqrt(1/2) to sqrt(2), from Cephes.
  logNear: `fn d_logNear(f: f32) -> f32 {
  let p: f32 = ((((((((7.0376836292e-2 * f - 1.151461031e-1) * f + 1.167699874e-1) * f - 1.2420140846e-1) * f
    + 1.4249322787e-1) * f - 1.6668057665e-1) * f + 2.0000714765e-1) * f - 2.4999993993e-1) * f + 3.3333331174e-1);
  let z: f32 = f * f;
  return f + (f * z * p - 0.5 * z);
}`,
  // The whole number e and f of x = 2^e (1 + f), for positive finite x: bits of sqrt(1/2) are where e changes.
  exponent: `fn d_exponent(x: f32) -> i32 {
  return (i32(bitcast<u32>(x)) - 0x3f3504f3) >> 23u;
}`,
  fraction: `fn d_fraction(x: f32, e: i32) -> f32 {
  return bitcast<f32>(bitcast<u32>(x) - (u32(e) << 23u)) - 1.0;
}`,
  log: `fn d_log(x: f32) -> f32 {
  let tiny: bool = x < 1.17549435e-38;
  let size: f32 = select(x, x * 8388608.0, tiny);
  let e: i32 = d_exponent(size);
  let k: f32 = f32(e) - select(0.0, 23.0, tiny);
  let y: f32 = (d_logNear(d_fraction(size, e)) - k * 2.1219444e-4) + k * 0.693359375;
  let special: f32 = select(select(x, d_nan(), x < 0.0), -d_inf(), x == 0.0);
  return select(special, y, x > 0.0 && !d_isInfinite(x) && !d_isNan(x));
}`,
  log1p: `fn d_log1p(x: f32) -> f32 {
  return select(d_log(1.0 + x), d_logNear(x), x > -0.29 && x < 0.41);
}`,
  // With m = e^(2|x|) - 1: m / (m + 2).
  tanh: `fn d_tanh(x: f32) -> f32 {
  let m: f32 = d_expm1(2.0 * min(abs(x), 10.0));
  let y: f32 = m / (m + 2.0);
  return select(select(y, -y, x < 0.0), x, d_isNan(x) || x == 0.0);
}`,
  // Minimax polynomials for erf(x)/x - 1 in x^2 and e^(x^2) erfc(x) in 20/(x + 4) - 3, as in core.
  erf: `fn d_erf(x: f32) -> f32 {
  let size: f32 = abs(x);
  let c: f32 = min(size, 1.0);
  let z: f32 = c * c;
  let near: f32 = (((((((((1.6447517569852925e-6 * z - 1.4924744650013843e-5) * z + 1.2055295319520376e-4) * z
    - 8.548325989653091e-4) * z + 5.223977607422282e-3) * z - 2.6866170643276035e-2) * z + 1.1283791670945252e-1) * z
    - 3.761263890318355e-1) * z) + 0.12837916709551256);
  let large: f32 = clamp(size, 1.0, 6.0);
  let u: f32 = 20.0 / (large + 4.0) - 3.0;
  let far: f32 = (((((((((3.6763489369924216e-6 + u * 1.4905926930410207e-7) * u + 3.3463713592959945e-5) * u
    + 2.225996090182128e-4) * u + 1.1615372995828269e-3) * u + 4.990286125940814e-3) * u + 1.807843721352902e-2) * u
    + 5.589108556591205e-2) * u + 1.481299299147799e-1) * u + 0.19907263099385689);
  let beyond: f32 = 1.0 - d_exp(-large * large) * far;
  let y: f32 = select(select(beyond, -beyond, x < 0.0), x + x * near, size < 1.0);
  return select(y, x, d_isNan(x));
}`,
  // The upper half of a product of 64 bits, by halves of 16.
  multiplyHigh: `fn d_multiplyHigh(a: u32, b: u32) -> u32 {
  let a1: u32 = a >> 16u;
  let a0: u32 = a & 0xffffu;
  let b1: u32 = b >> 16u;
  let b0: u32 = b & 0xffffu;
  let middle: u32 = a1 * b0 + ((a0 * b0) >> 16u);
  let carry: u32 = (a0 * b1 + (middle & 0xffffu)) >> 16u;
  return a1 * b1 + (middle >> 16u) + carry;
}`,
  // 32 bits of 2/pi, of whose digits 32 zeros stand before the point, from bit number `at` on.
  turnBits: `fn d_turnBits(at: u32) -> u32 {
  var words: array<u32, 8> = array<u32, 8>(0x0u, 0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u,
    0x3c439041u, 0xfe5163abu);
  let i: u32 = at >> 5u;
  let shift: u32 = at & 31u;
  return (words[i] << shift) | ((words[i + 1u] >> 1u) >> (31u - shift));
}`,
  // sin x, or, ahead by a quarter turn, cos x, for finite x. Of 2/pi only the 96 bits matter that, times x = m 2^e, land
  // below four quarter turns (M. Payne and R. Hanek, ACM SIGNUM Newsletter 18, 1983).
  wave: `fn d_wave(x: f32, ahead: u32) -> f32 {
  let size: f32 = min(abs(x), 3.4028234e38);
  let bits: u32 = bitcast<u32>(size);
  let m: u32 = (bits & 0x7fffffu) | 0x800000u;
  let at: u32 = max(bits >> 23u, 126u) - 120u;
  let low: u32 = d_turnBits(at + 64u);
  let middle: u32 = d_turnBits(at + 32u);
  let p0: u32 = m * low;
  let p1: u32 = m * middle + d_multiplyHigh(m, low);
  let carry: u32 = select(0u, 1u, p1 < m * middle);
  let p2: u32 = m * d_turnBits(at) + d_multiplyHigh(m, middle) + carry;
  var high: u32 = (p2 << 2u) | (p1 >> 30u);
  var rest: u32 = (p1 << 2u) | (p0 >> 30u);
  let back: bool = high >= 0x80000000u;
  high = select(high, ~high, back);
  rest = select(rest, ~rest, back);
  let part: f32 = (f32(high) * 2.3283064365386963e-10 + f32(rest) * 5.421010862427522e-20) * 1.5707963267948966;
  let near: bool = size < 0.7853981;
  let r: f32 = select(select(part, -part, back), size, near);
  var quadrant: u32 = select((p2 >> 30u) + select(0u, 1u, back), 0u, near);
  quadrant = select(quadrant, 4u - quadrant, x < 0.0) + ahead;
  let z: f32 = r * r;
  let signed: f32 = select(r, -r, x < 0.0);
  let sine: f32 = signed + signed * z * ((-1.9515295891e-4 * z + 8.3321608736e-3) * z - 1.6666654611e-1);
  let cosine: f32 = 1.0 - 0.5 * z
    + z * z * ((2.443315711809948e-5 * z - 1.388731625493765e-3) * z + 4.166664568298827e-2);
  let y: f32 = select(sine, cosine, (quadrant & 1u) == 1u);
  return select(select(y, -y, (quadrant & 2u) == 2u), d_nan(), d_isNan(x) || d_isInfinite(x));
}`,
  // Minimax polynomial for (atan(x)/x - 1) / x^2 in x^2 up to 1/2, as in core; signs as in Math.atan2.
  atan2: `fn d_atan2(y: f32, x: f32) -> f32 {
  let height: f32 = abs(y);
  let width: f32 = abs(x);
  let steep: bool = height > width;
  let low: f32 = min(height, width);
  let high: f32 = max(height, width);
  let near: bool = high - low > low;
  let scale: f32 = select(1.0, 0.5, high > 1.0);
  let a: f32 = low * scale;
  let b: f32 = high * scale;
  let both: bool = d_isInfinite(low);
  let none: bool = both || high == 0.0;
  let q: f32 = select(a - b, low, near) / select(a + b, high, near);
  let z: f32 = select(q, 0.0, none);
  let z2: f32 = z * z;
  let p: f32 = (((((((-0.02746466155804985 * z2 + 0.041884441018521325) * z2 - 0.05122732505761557) * z2
    + 0.05858471312401208) * z2 - 0.06663837572981793) * z2 + 0.07692076715578518) * z2 - 0.09090896435685566) * z2
    + 0.11111110667815599) * z2 - 0.14285714276589417;
  let angle: f32 = z + z * z2 * ((p * z2 + 0.19999999999905635) * z2 - 0.33333333333332993);
  let octant: f32 = select(0.7853981633974483 + angle, angle, (near || high == 0.0) && !both);
  let left: bool = (bitcast<u32>(x) >> 31u) == 1u;
  let turns: f32 = select(select(0.0, 2.0, left), 1.0, steep);
  let nearest: f32 = select(octant, -octant, steep != left);
  let size: f32 = turns * 1.5707963267948966 + (nearest - turns * 4.371139e-8);
  let result: f32 = select(size, -size, (bitcast<u32>(y) >> 31u) == 1u);
  return select(result, d_nan(), d_isNan(x) || d_isNan(y));
}`,
  // 2^(y log2 |x|), y times the exponent of x split where the product is exact; then the special cases of Math.pow.
  pow: `fn d_pow(x: f32, y: f32) -> f32 {
  let size: f32 = abs(x);
  let finite: bool = size > 0.0 && !d_isInfinite(size) && !d_isNan(x);
  let base: f32 = select(1.0, size, finite);
  let tiny: bool = base < 1.17549435e-38;
  let lifted: f32 = select(base, base * 8388608.0, tiny);
  let e: i32 = d_exponent(lifted);
  let k: f32 = f32(e) - select(0.0, 23.0, tiny);
  let power: f32 = clamp(select(y, 0.0, d_isNan(y)), -1e30, 1e30);
  let head: f32 = bitcast<f32>(bitcast<u32>(power) & 0xfffff000u);
  let first: f32 = head * k;
  let second: f32 = (power - head) * k + power * (d_logNear(d_fraction(lifted, e)) * 1.44269504);
  let whole: f32 = clamp(first + second, -200.0, 200.0);
  let n: f32 = floor(whole + 0.5);
  let r: f32 = select((first - n) + second, 0.0, abs(whole) >= 200.0) * 0.6931471805599453;
  var result: f32 = d_scaled(1.0 + (r + r * r * d_expTail(r)), i32(n));
  result = select(result, d_inf(), whole >= 128.0);
  let grows: bool = (size > 1.0) == (y > 0.0);
  result = select(select(0.0, d_inf(), grows), result, finite);
  result = select(result, d_nan(), size == 1.0 && d_isInfinite(y));
  let integer: bool = floor(y) == y;
  let odd: bool = integer && abs(y) < 16777216.0 && floor(y * 0.5) * 2.0 != y;
  result = select(result, -result, odd && (bitcast<u32>(x) >> 31u) == 1u);
  let rootless: bool = x < 0.0 && !d_isInfinite(x) && !integer && !d_isInfinite(y);
  result = select(result, d_nan(), rootless || d_isNan(x) || d_isNan(y));
  return select(result, 1.0, y == 0.0);
}`,
  // Philox4x32-10 (J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3",
  // SC 2011): core's uniform32, of a key in words of 16 bits.
  uniform32: `fn d_uniform32(key01: u32, key23: u32, stream: u32, index: u32) -> f32 {
  var k0: u32 = key01;
  var k1: u32 = key23;
  var c0: u32 = index >> 2u;
  var c1: u32 = 0u;
  var c2: u32 = stream;
  var c3: u32 = 0u;
  for (var round: i32 = 0; round < 10; round++) {
    let high0: u32 = d_multiplyHigh(0xd2511f53u, c0);
    let high1: u32 = d_multiplyHigh(0xcd9e8d57u, c2);
    let low0: u32 = 0xd2511f53u * c0;
    let low1: u32 = 0xcd9e8d57u * c2;
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = k0 + 0x9e3779b9u;
    k1 = k1 + 0xbb67ae85u;
  }
  let place: u32 = index & 3u;
  let word: u32 = select(select(c0, c1, place == 1u), select(c2, c3, place == 3u), place >= 2u);
  return f32(word >> 8u) * 5.9604644775390625e-8;
}`,
  // The upper 32 bits of a key that is a whole number in float32, and the lower ones.
  keyHigh: `fn d_keyHigh(key: f32) -> u32 {
  return u32(floor(key * 2.3283064365386963e-10));
}`,
  keyLow: `fn d_keyLow(key: f32) -> u32 {
  return u32(key - floor(key * 2.3283064365386963e-10) * 4294967296.0);
}`,
} as const;

type FunctionName = keyof typeof functions;

/** The functions that `code` calls, those that they call first. */
export function libraryFor(code: string): string {
  const done = new Set<FunctionName>();
  const add = (text: string): string => {
    let before = "";
    for (const [, name] of text.matchAll(/\bd_(\w+?)4?\(/g)) {
      const known = functions[name as FunctionName];
      if (known === undefined || done.has(name as FunctionName)) continue;
      done.add(name as FunctionName);
      before += `${add(known)}${known}\n`;
    }
    return before;
  };
  return add(code);
}
