/**
 * Functions that shaders lack, or have with too few digits: float32 within a few ulp, with the special values of
 * JavaScript's. Graphics drivers may assume that there is no NaN, so that it is looked for among the bits.
 *
 * Written in GLSL, of which `wgsl.ts` makes WGSL, with that language's `select`. Pages get it minified
 * (`minify-shaders.ts`).
 */
const functions = {
  isNan: `bool d_isNan(float x) {
  return (floatBitsToUint(x) & 0x7fffffffu) > 0x7f800000u;
}`,
  isInfinite: `bool d_isInfinite(float x) {
  return (floatBitsToUint(x) & 0x7fffffffu) == 0x7f800000u;
}`,
  minimum: `float d_minimum(float a, float b) {
  return select(select(select(a, b, b < a), a, d_isNan(a)), b, d_isNan(b));
}`,
  maximum: `float d_maximum(float a, float b) {
  return select(select(select(a, b, b > a), a, d_isNan(a)), b, d_isNan(b));
}`,
  sign: `float d_sign(float x) {
  return select(select(x, 1.0, x > 0.0), -1.0, x < 0.0);
}`,
  // x - x: 0, but NaN where x is not finite. A compiler may make 0 of it.
  nothingOf: `float d_nothingOf(float x) {
  return select(0.0, d_nan(), d_isNan(x) || d_isInfinite(x));
}`,
  // 2^n for n from -126 to 127.
  powerOfTwo: `float d_powerOfTwo(int n) {
  return uintBitsToFloat(uint(n + 127) << 23u);
}`,
  // y 2^n, in halves, so that neither overflows nor vanishes before the product does.
  scaled: `float d_scaled(float y, int n) {
  int first = n >> 1u;
  return y * d_powerOfTwo(first) * d_powerOfTwo(n - first);
}`,
  // (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2, from S. L. Moshier's Cephes library.
  expTail: `float d_expTail(float r) {
  return ((((1.98756915e-4 * r + 1.3981999507e-3) * r + 8.3334519073e-3) * r + 4.1665795894e-2) * r
    + 1.6666665459e-1) * r + 5.0000001201e-1;
}`,
  // x = n ln 2 + r, ln 2 in two parts (W. J. Cody and W. Waite, "Software Manual for the Elementary Functions", 1980).
  exp: `float d_exp(float x) {
  float c = clamp(x, -104.0, 89.0);
  float n = floor(c * 1.44269504 + 0.5);
  float r = (c - n * 0.693359375) + n * 2.1219444e-4;
  float y = d_scaled(1.0 + (r + r * r * d_expTail(r)), int(n));
  return select(select(y, d_inf(), x > 88.722839), x, d_isNan(x));
}`,
  // 2^n (e^r - 1 + 1 - 2^-n): at n = 0 that is e^r - 1, whole.
  expm1: `float d_expm1(float x) {
  float c = clamp(x, -18.0, 89.0);
  float n = floor(c * 1.44269504 + 0.5);
  float r = (c - n * 0.693359375) + n * 2.1219444e-4;
  float rest = 1.0 - d_powerOfTwo(int(-min(n, 100.0)));
  float y = d_scaled((r + r * r * d_expTail(r)) + rest, int(n));
  return select(select(y, d_inf(), x > 88.722839), x, d_isNan(x) || x == 0.0);
}`,
  // log(1 + f) for 1 + f from sqrt(1/2) to sqrt(2), from Cephes.
  logNear: `float d_logNear(float f) {
  float p = ((((((((7.0376836292e-2 * f - 1.151461031e-1) * f + 1.167699874e-1) * f - 1.2420140846e-1) * f
    + 1.4249322787e-1) * f - 1.6668057665e-1) * f + 2.0000714765e-1) * f - 2.4999993993e-1) * f + 3.3333331174e-1);
  float z = f * f;
  return f + (f * z * p - 0.5 * z);
}`,
  // The whole number e and f of x = 2^e (1 + f), for positive finite x: bits of sqrt(1/2) are where e changes.
  exponent: `int d_exponent(float x) {
  return (int(floatBitsToUint(x)) - 0x3f3504f3) >> 23u;
}`,
  fraction: `float d_fraction(float x, int e) {
  return uintBitsToFloat(floatBitsToUint(x) - (uint(e) << 23u)) - 1.0;
}`,
  log: `float d_log(float x) {
  bool tiny = x < 1.2e-38;
  float size = select(x, x * 8388608.0, tiny);
  int e = d_exponent(size);
  float k = float(e) - select(0.0, 23.0, tiny);
  float y = (d_logNear(d_fraction(size, e)) - k * 2.1219444e-4) + k * 0.693359375;
  float special = select(select(x, d_nan(), x < 0.0), -d_inf(), x == 0.0);
  return select(special, y, x > 0.0 && !d_isInfinite(x) && !d_isNan(x));
}`,
  log1p: `float d_log1p(float x) {
  return select(d_log(1.0 + x), d_logNear(x), x > -0.29 && x < 0.41);
}`,
  // With m = e^(2|x|) - 1: m / (m + 2).
  tanh: `float d_tanh(float x) {
  float m = d_expm1(2.0 * min(abs(x), 10.0));
  float y = m / (m + 2.0);
  return select(select(y, -y, x < 0.0), x, d_isNan(x) || x == 0.0);
}`,
  // Minimax polynomials for erf(x)/x - 1 in x^2 and e^(x^2) erfc(x) in 20/(x + 4) - 3, as in core.
  erf: `float d_erf(float x) {
  float size = abs(x);
  float c = min(size, 1.0);
  float z = c * c;
  float near = (((((((((1.6447517569852925e-6 * z - 1.4924744650013843e-5) * z + 1.2055295319520376e-4) * z
    - 8.548325989653091e-4) * z + 5.223977607422282e-3) * z - 2.6866170643276035e-2) * z + 1.1283791670945252e-1) * z
    - 3.761263890318355e-1) * z) + 0.12837916709551256);
  float large = clamp(size, 1.0, 6.0);
  float u = 20.0 / (large + 4.0) - 3.0;
  float far = (((((((((3.6763489369924216e-6 + u * 1.4905926930410207e-7) * u + 3.3463713592959945e-5) * u
    + 2.225996090182128e-4) * u + 1.1615372995828269e-3) * u + 4.990286125940814e-3) * u + 1.807843721352902e-2) * u
    + 5.589108556591205e-2) * u + 1.481299299147799e-1) * u + 0.19907263099385689);
  float beyond = 1.0 - d_exp(-large * large) * far;
  float y = select(select(beyond, -beyond, x < 0.0), x + x * near, size < 1.0);
  return select(y, x, d_isNan(x));
}`,
  // The upper half of a product of 64 bits, by halves of 16.
  multiplyHigh: `uint d_multiplyHigh(uint a, uint b) {
  uint a1 = a >> 16u;
  uint a0 = a & 0xffffu;
  uint b1 = b >> 16u;
  uint b0 = b & 0xffffu;
  uint middle = a1 * b0 + ((a0 * b0) >> 16u);
  uint carry = (a0 * b1 + (middle & 0xffffu)) >> 16u;
  return a1 * b1 + (middle >> 16u) + carry;
}`,
  // 32 bits of 2/pi, of whose digits 32 zeros stand before the point, from bit number `at` on.
  turnBits: `uint d_turnBits(uint at) {
  uint[8] words = uint[8](0x0u, 0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u,
    0x3c439041u, 0xfe5163abu);
  uint i = at >> 5u;
  uint shift = at & 31u;
  return (words[i] << shift) | ((words[i + 1u] >> 1u) >> (31u - shift));
}`,
  // sin x, or, ahead by a quarter turn, cos x, for finite x. Of 2/pi only the 96 bits matter that, times x = m 2^e, land
  // below four quarter turns (M. Payne and R. Hanek, ACM SIGNUM Newsletter 18, 1983).
  wave: `float d_wave(float x, uint ahead) {
  float size = min(abs(x), 3.4028234e38);
  uint bits = floatBitsToUint(size);
  uint m = (bits & 0x7fffffu) | 0x800000u;
  uint at = max(bits >> 23u, 126u) - 120u;
  uint low = d_turnBits(at + 64u);
  uint middle = d_turnBits(at + 32u);
  uint p0 = m * low;
  uint p1 = m * middle + d_multiplyHigh(m, low);
  uint carry = select(0u, 1u, p1 < m * middle);
  uint p2 = m * d_turnBits(at) + d_multiplyHigh(m, middle) + carry;
  uint high = (p2 << 2u) | (p1 >> 30u);
  uint rest = (p1 << 2u) | (p0 >> 30u);
  bool back = high >= 0x80000000u;
  high = select(high, ~high, back);
  rest = select(rest, ~rest, back);
  float part = (float(high) * 2.3283064365386963e-10 + float(rest) * 5.421010862427522e-20) * 1.5707963267948966;
  bool near = size < 0.7853981;
  float r = select(select(part, -part, back), size, near);
  uint quadrant = select((p2 >> 30u) + select(0u, 1u, back), 0u, near);
  quadrant = select(quadrant, 4u - quadrant, x < 0.0) + ahead;
  float z = r * r;
  float signed = select(r, -r, x < 0.0);
  float sine = signed + signed * z * ((-1.9515295891e-4 * z + 8.3321608736e-3) * z - 1.6666654611e-1);
  float cosine = 1.0 - 0.5 * z
    + z * z * ((2.443315711809948e-5 * z - 1.388731625493765e-3) * z + 4.166664568298827e-2);
  float y = select(sine, cosine, (quadrant & 1u) == 1u);
  return select(select(y, -y, (quadrant & 2u) == 2u), d_nan(), d_isNan(x) || d_isInfinite(x));
}`,
  // Minimax polynomial for (atan(x)/x - 1) / x^2 in x^2 up to 1/2, as in core; signs as in Math.atan2.
  atan2: `float d_atan2(float y, float x) {
  float height = abs(y);
  float width = abs(x);
  bool steep = height > width;
  float low = min(height, width);
  float high = max(height, width);
  bool near = high - low > low;
  float scale = select(1.0, 0.5, high > 1.0);
  float a = low * scale;
  float b = high * scale;
  bool both = d_isInfinite(low);
  bool none = both || high == 0.0;
  float q = select(a - b, low, near) / select(a + b, high, near);
  float z = select(q, 0.0, none);
  float z2 = z * z;
  float p = (((((((-0.02746466155804985 * z2 + 0.041884441018521325) * z2 - 0.05122732505761557) * z2
    + 0.05858471312401208) * z2 - 0.06663837572981793) * z2 + 0.07692076715578518) * z2 - 0.09090896435685566) * z2
    + 0.11111110667815599) * z2 - 0.14285714276589417;
  float angle = z + z * z2 * ((p * z2 + 0.19999999999905635) * z2 - 0.33333333333332993);
  float octant = select(0.7853981633974483 + angle, angle, (near || high == 0.0) && !both);
  bool left = (floatBitsToUint(x) >> 31u) == 1u;
  float turns = select(select(0.0, 2.0, left), 1.0, steep);
  float nearest = select(octant, -octant, steep != left);
  float size = turns * 1.5707963267948966 + (nearest - turns * 4.371139e-8);
  float result = select(size, -size, (floatBitsToUint(y) >> 31u) == 1u);
  return select(result, d_nan(), d_isNan(x) || d_isNan(y));
}`,
  // 2^(y log2 |x|), y times the exponent of x split where the product is exact; then the special cases of Math.pow.
  pow: `float d_pow(float x, float y) {
  float size = abs(x);
  bool finite = size > 0.0 && !d_isInfinite(size) && !d_isNan(x);
  float base = select(1.0, size, finite);
  bool tiny = base < 1.2e-38;
  float lifted = select(base, base * 8388608.0, tiny);
  int e = d_exponent(lifted);
  float k = float(e) - select(0.0, 23.0, tiny);
  float power = clamp(select(y, 0.0, d_isNan(y)), -1e30, 1e30);
  float head = uintBitsToFloat(floatBitsToUint(power) & 0xfffff000u);
  float first = head * k;
  float second = (power - head) * k + power * (d_logNear(d_fraction(lifted, e)) * 1.44269504);
  float whole = clamp(first + second, -200.0, 200.0);
  float n = floor(whole + 0.5);
  float r = select((first - n) + second, 0.0, abs(whole) >= 200.0) * 0.6931471805599453;
  float result = d_scaled(1.0 + (r + r * r * d_expTail(r)), int(n));
  result = select(result, d_inf(), whole >= 128.0);
  bool grows = (size > 1.0) == (y > 0.0);
  result = select(select(0.0, d_inf(), grows), result, finite);
  result = select(result, d_nan(), size == 1.0 && d_isInfinite(y));
  bool integer = floor(y) == y;
  bool odd = integer && abs(y) < 16777216.0 && floor(y * 0.5) * 2.0 != y;
  result = select(result, -result, odd && (floatBitsToUint(x) >> 31u) == 1u);
  bool rootless = x < 0.0 && !d_isInfinite(x) && !integer && !d_isInfinite(y);
  result = select(result, d_nan(), rootless || d_isNan(x) || d_isNan(y));
  return select(result, 1.0, y == 0.0);
}`,
  // Philox4x32-10 (J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3",
  // SC 2011): core's uniform32, of a key in words of 16 bits.
  uniform32: `float d_uniform32(uint key01, uint key23, uint stream, uint index) {
  uint k0 = key01;
  uint k1 = key23;
  uint c0 = index >> 2u;
  uint c1 = 0u;
  uint c2 = stream;
  uint c3 = 0u;
  for (int round = 0; round < 10; round++) {
    uint high0 = d_multiplyHigh(0xd2511f53u, c0);
    uint high1 = d_multiplyHigh(0xcd9e8d57u, c2);
    uint low0 = 0xd2511f53u * c0;
    uint low1 = 0xcd9e8d57u * c2;
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = k0 + 0x9e3779b9u;
    k1 = k1 + 0xbb67ae85u;
  }
  uint place = index & 3u;
  uint word = select(select(c0, c1, place == 1u), select(c2, c3, place == 3u), place >= 2u);
  return float(word >> 8u) * 5.9604644775390625e-8;
}`,
  // The upper 32 bits of a key that is a whole number in float32, and the lower ones.
  keyHigh: `uint d_keyHigh(float key) {
  return uint(floor(key * 2.3283064365386963e-10));
}`,
  keyLow: `uint d_keyLow(float key) {
  return uint(key - floor(key * 2.3283064365386963e-10) * 4294967296.0);
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
