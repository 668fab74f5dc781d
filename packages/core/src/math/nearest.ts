/** The integer nearest to x, ties to even, for |x| < 2^51: adding 1.5 · 2^52 leaves no bit for a fraction. */
export function nearest(x: number): number {
  return x + 6755399441055744 - 6755399441055744;
}
