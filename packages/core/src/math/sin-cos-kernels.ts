// Minimax polynomials, relative errors below 2^-57 and 2^-60 of the results
// (tools/oracles/math_constants.py).

/** sin(r + low) for |r| <= pi/4 and |low| below half an ulp of r. */
export function sinKernel(r: number, low: number): number {
  const z = r * r;
  const z2 = z * z;
  const series =
    -0.16666666666666632 +
    z * 0.008333333333322425 +
    z2 * (-0.00019841269829816953 + z * 2.755731369522703e-6) +
    z2 * z2 * (-2.5050758653318953e-8 + z * 1.5896827930316585e-10);
  return r + (r * z * series + low * (1 - z * 0.5));
}

/** cos(r + low), for the same; what 1 - r^2/2 rounds away is kept. */
export function cosKernel(r: number, low: number): number {
  const z = r * r;
  const z2 = z * z;
  const series =
    0.0416666666666666 +
    z * -0.0013888888888874138 +
    z2 * (2.4801587289491837e-5 + z * -2.7557314355244997e-7) +
    z2 * z2 * (2.0875723684850283e-9 + z * -1.1359669888849835e-11);
  const half = z * 0.5;
  const rough = 1 - half;
  return rough + (1 - rough - half + (z2 * series - r * low));
}
